import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const daySeconds = 24 * 60 * 60;

/** Where set-up keeps what it remembers between runs. @param {string} root @param {string} name */
const memoryPath = (root, name) => join(root, '.cache', 'setup', `${name}.json`);

/**
 * What was remembered under a name, or undefined. A damaged file counts as nothing remembered.
 * @param {string} root
 * @param {string} name
 * @returns {Record<string, unknown> | undefined}
 */
export function recall(root, name) {
  try {
    const value = JSON.parse(readFileSync(memoryPath(root, name), 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} root @param {string} name @param {Record<string, unknown>} value */
export function remember(root, name, value) {
  const path = memoryPath(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** @param {string} root @param {string} name */
export function forget(root, name) {
  rmSync(memoryPath(root, name), { force: true });
}

/**
 * Whether a failed download is still too fresh to be tried again: one day, for the same version only.
 * @param {object} input
 * @param {Record<string, unknown> | undefined} input.memory
 * @param {string} input.version
 * @param {number} input.nowSeconds
 */
export function isRecentFailure({ memory, version, nowSeconds }) {
  if (memory === undefined || memory['version'] !== version) return false;
  const failedAt = memory['failedAtSeconds'];
  return typeof failedAt === 'number' && failedAt <= nowSeconds && nowSeconds - failedAt < daySeconds;
}
