import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { recall, remember } from './memory.mjs';

/**
 * Something made from source files, remembered by the hash of what it was made from and the sizes of what was made.
 *
 * @typedef {object} StampedOutput
 * @property {string} root
 * @property {string} name Under which it is remembered.
 * @property {readonly string[]} inputs Files and folders, relative to the root; one that is missing counts as empty.
 * @property {readonly string[]} outputs Folders, relative to the root.
 */

/** @param {StampedOutput} output */
export function isUpToDate({ root, name, inputs, outputs }) {
  const memory = recall(root, name);
  if (memory === undefined || memory['inputs'] !== contentHash(root, inputs)) return false;
  return memory['outputs'] === sizesHash(root, outputs);
}

/** Remembers the output as made from the inputs of now. @param {StampedOutput} output */
export function stamp({ root, name, inputs, outputs }) {
  remember(root, name, { inputs: contentHash(root, inputs), outputs: sizesHash(root, outputs) });
}

/** @param {string} root @param {readonly string[]} paths */
function contentHash(root, paths) {
  const hash = createHash('sha256');
  for (const file of listFiles(root, paths)) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(root, file)));
    hash.update('\0');
  }
  return hash.digest('hex');
}

/** Names, sizes and times: enough to notice a file that was removed or replaced. @param {string} root @param {readonly string[]} paths */
function sizesHash(root, paths) {
  const hash = createHash('sha256');
  for (const file of listFiles(root, paths)) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/**
 * Every file of the given files and folders, sorted, relative to the root.
 * @param {string} root
 * @param {readonly string[]} paths
 * @returns {string[]}
 */
export function listFiles(root, paths) {
  return paths
    .flatMap((path) => {
      const state = statSync(join(root, path), { throwIfNoEntry: false });
      if (state === undefined) return [];
      if (!state.isDirectory()) return [path];
      return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
    })
    .sort();
}
