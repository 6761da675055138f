import { join } from 'node:path';
import { hasDisplay } from './display.mjs';
import { isElectronInstalled } from './electron-binary.mjs';
import { findChromium } from './find-chromium.mjs';
import { findExecutable } from './find-executable.mjs';
import { failureLine } from './run-command.mjs';

const sentence = 'install Chromium or Google Chrome, or name one in SHADOW_TRAINER_CHROMIUM';

/** @type {import('./step.mjs').Step} */
export const chromiumStep = {
  name: 'Chromium',
  summary: 'drives the window in tests, and shows it where Electron is not installed',
  purposes: ['start', 'test', 'bench'],
  async prepare({ root, purpose, run, say, systemPackages }) {
    const present = findChromium();
    if (present !== undefined) return { outcome: 'found', detail: present };
    const cost =
      purpose === 'start' ? 'the page has to be opened by hand' : 'the tests and figures that need a browser fail';
    if (process.env['SHADOW_TRAINER_CHROMIUM']) {
      return { outcome: 'missing', detail: 'SHADOW_TRAINER_CHROMIUM names a file that is not there', cost };
    }
    const unneeded = purpose === 'start' && whyNotNeeded(root);
    if (unneeded) return { outcome: 'found', detail: `not needed: ${unneeded}` };

    const outcome = await systemPackages.install({ apt: 'chromium', brew: 'google-chrome', cask: true });
    const installed = findChromium();
    if (outcome.installed && installed !== undefined) {
      return { outcome: 'installed', detail: `${installed}, with ${outcome.by}` };
    }
    // Ubuntu has no chromium package outside its own store; Playwright brings one that needs nothing else.
    say('downloading the Chromium of Playwright');
    const cli = join(root, 'node_modules', 'playwright', 'cli.js');
    const download = await run(process.execPath, [cli, 'install', 'chromium'], { timeoutSeconds: 300 });
    const downloaded = findChromium();
    if (downloaded !== undefined) return { outcome: 'installed', detail: `${downloaded}, downloaded` };
    const why = outcome.installed ? 'its package has no browser' : outcome.why;
    return { outcome: 'missing', detail: `${why}; ${failureLine(download.output)}: ${sentence}`, cost };
  },
};

/** @param {string} root @returns {string | undefined} */
function whyNotNeeded(root) {
  if (isElectronInstalled(root)) return 'Electron shows the window';
  if (!hasDisplay()) return 'no display to open a browser on';
  const opener = process.platform === 'linux' ? findExecutable(['xdg-open']) : process.platform;
  return opener === undefined ? undefined : 'the page opens in your own browser';
}
