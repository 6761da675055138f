import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failureLine } from './run-command.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} LockFile
 */

/** @type {import('./step.mjs').Step} */
export const npmPackagesStep = {
  name: 'npm packages',
  summary: 'node_modules as package-lock.json says (npm ci)',
  purposes: ['start', 'analyze', 'worker', 'test', 'check', 'bench', 'package'],
  async prepare({ root, run, say }) {
    const wanted = readLockFile(join(root, 'package-lock.json'));
    if (wanted === undefined) {
      return {
        outcome: 'missing',
        detail: 'package-lock.json is not readable',
        cost: 'nothing can be installed',
        fatal: true,
      };
    }
    const difference = firstDifference(wanted, readLockFile(join(root, 'node_modules', '.package-lock.json')));
    if (difference === undefined) return { outcome: 'found', detail: 'node_modules matches package-lock.json' };
    say(`running npm ci (${difference})`);
    const [program, ...args] = npmCommand(process.env, process.execPath);
    const { exitCode, output } = await run(program, [...args, 'ci'], { cwd: root });
    if (exitCode === 0) return { outcome: 'installed', detail: `npm ci (${difference})` };
    return {
      outcome: 'missing',
      detail: `npm ci failed: ${failureLine(output)}`,
      cost: 'nothing runs without the packages',
      fatal: true,
    };
  },
};

/**
 * Why npm ci is needed, or undefined when node_modules holds what is locked. npm writes the second file at the very
 * end of an installation, so a broken-off one counts as not there.
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile | undefined} present node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function firstDifference(wanted, present) {
  if (present === undefined) return 'node_modules is missing';
  for (const [path, { version, integrity, optional }] of Object.entries(wanted.packages ?? {})) {
    if (path === '') continue;
    const installed = present.packages?.[path];
    // Packages of other platforms are optional and rightly absent.
    if (installed === undefined && optional) continue;
    if (installed === undefined) return `${path} is missing`;
    const otherBytes = integrity !== undefined && installed.integrity !== integrity;
    if (installed.version !== version || otherBytes) return `${path} changed`;
  }
  return undefined;
}

/** @param {string} path @returns {LockFile | undefined} */
function readLockFile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * npm of the Node that runs us, so that another one on PATH cannot get in between.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} nodePath
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env, nodePath) {
  const running = env['npm_execpath'];
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) return [nodePath, running];
  return [join(dirname(nodePath), 'npm')];
}
