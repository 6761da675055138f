import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { forget, isRecentFailure, recall, remember } from './memory.mjs';
import { failureLine } from './run-command.mjs';

/** About 110 MB. */
const downloadSeconds = 300;

/** @type {import('./step.mjs').Step} */
export const electronBinaryStep = {
  name: 'Electron',
  summary: 'the desktop window; without it the same app is served to a browser on this machine',
  purposes: ['start', 'test', 'package'],
  async prepare({ root, purpose, run, retry, say }) {
    const version = electronVersion(root);
    if (isElectronInstalled(root)) return { outcome: 'found', detail: version };
    const cost = {
      start: 'the window opens in a browser instead',
      test: 'the window is tested in Chromium only',
      package: 'there is nothing to package',
    }[/** @type {'start' | 'test' | 'package'} */ (purpose)];
    const nowSeconds = Date.now() / 1000;
    if (!retry && isRecentFailure({ memory: recall(root, 'electron'), version, nowSeconds })) {
      const detail = 'its download failed less than a day ago; `npm run setup` tries again';
      return { outcome: 'missing', detail, cost };
    }
    say(`downloading Electron ${version}`);
    const installer = join(root, 'node_modules', 'electron', 'install.js');
    const { exitCode, output } = await run(process.execPath, [installer], { timeoutSeconds: downloadSeconds });
    if (exitCode === 0 && isElectronInstalled(root)) {
      forget(root, 'electron');
      return { outcome: 'installed', detail: version };
    }
    remember(root, 'electron', { version, failedAtSeconds: nowSeconds });
    const why = exitCode === 124 ? `took longer than ${downloadSeconds} s` : `failed: ${failureLine(output)}`;
    return { outcome: 'missing', detail: `its download ${why}`, cost };
  },
};

/** @param {string} root */
function electronVersion(root) {
  return String(JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version);
}

/**
 * Electron's program, absolute, when its binary of the right version is there.
 * @param {string} root
 * @returns {string | undefined}
 */
export function electronProgram(root) {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const present = readFileSync(join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    if (present !== electronVersion(root)) return undefined;
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} root */
export const isElectronInstalled = (root) => electronProgram(root) !== undefined;
