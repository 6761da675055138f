import { spawn } from 'node:child_process';
import { hasDisplay } from './setup/display.mjs';
import { findChromium } from './setup/find-chromium.mjs';
import { findExecutable } from './setup/find-executable.mjs';

/**
 * The command that shows an address in the coach's browser, or undefined when there is none or no display.
 * @param {string} url
 * @param {object} [surroundings]
 * @param {NodeJS.Platform} [surroundings.platform]
 * @param {boolean} [surroundings.display]
 * @param {string | undefined} [surroundings.opener] xdg-open.
 * @param {string | undefined} [surroundings.chromium]
 * @param {boolean} [surroundings.root] As root Chromium has no sandbox.
 * @returns {[string, ...string[]] | undefined}
 */
export function browserCommand(
  url,
  {
    platform = process.platform,
    display = hasDisplay(),
    opener = findExecutable(['xdg-open']),
    chromium = findChromium(),
    root = process.getuid?.() === 0,
  } = {},
) {
  if (!display) return undefined;
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  if (opener !== undefined) return [opener, url];
  return chromium === undefined ? undefined : [chromium, ...(root ? ['--no-sandbox'] : []), `--app=${url}`];
}

/** Opens an address where one can be opened; never waits for the browser. @param {string} url */
export function openInBrowser(url) {
  const command = browserCommand(url);
  if (command === undefined) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
