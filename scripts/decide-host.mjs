import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} HostSurroundings
 * @property {string | undefined} electron Electron's program.
 * @property {boolean} display
 * @property {boolean} root Whether we run as root, for whom Chromium has no sandbox.
 * @property {boolean} sandbox Whether this system lets Electron put its window into a sandbox.
 *
 * @typedef {object} HostDecision
 * @property {'electron' | 'loopback'} host
 * @property {string[]} args For Electron.
 * @property {string} [because] What the coach should know about the choice.
 */

/**
 * Electron where it can run; otherwise the same app, served to a browser on this machine.
 * @param {HostSurroundings} surroundings
 * @returns {HostDecision}
 */
export function decideHost({ electron, display, root, sandbox }) {
  if (electron === undefined) return loopback('Electron is not installed');
  if (!display) return loopback('there is no display to open a window on');
  if (root) {
    return { host: 'electron', args: ['--no-sandbox'], because: 'running as root: the window has no sandbox' };
  }
  if (!sandbox) {
    const helper = join(dirname(electron), 'chrome-sandbox');
    return loopback(
      `this system forbids Electron’s sandbox (to allow it: sudo chown root ${helper} && sudo chmod 4755 ${helper})`,
    );
  }
  return { host: 'electron', args: [] };
}

/** @param {string} because @returns {HostDecision} */
const loopback = (because) => ({
  host: 'loopback',
  args: [],
  because: `${because}: serving the app to a browser on this machine instead`,
});

/**
 * Linux only lets a program make its own sandbox where user namespaces are allowed, or through a helper owned by root.
 * @param {string | undefined} electron
 * @param {NodeJS.Platform} [platform]
 */
export function allowsSandbox(electron, platform = process.platform) {
  if (platform !== 'linux' || electron === undefined) return true;
  const forbidden =
    readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    readSetting('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    readSetting('/proc/sys/user/max_user_namespaces') === '0';
  if (!forbidden) return true;
  const helper = statSync(join(dirname(electron), 'chrome-sandbox'), { throwIfNoEntry: false });
  return helper?.uid === 0 && (helper.mode & 0o4000) !== 0;
}

/** @param {string} path */
function readSetting(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
