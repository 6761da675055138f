import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isUpToDate, stamp } from '../../../scripts/setup/stamped-output.mjs';

describe('isUpToDate', () => {
  let root = '';
  const output = () => ({ root, name: 'build', inputs: ['source', 'config.json'], outputs: ['dist'] });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'shadow-trainer-stamp-'));
    mkdirSync(join(root, 'source', 'deep'), { recursive: true });
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'source', 'deep', 'a.ts'), 'a');
    writeFileSync(join(root, 'dist', 'a.js'), 'a');
    stamp(output());
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('holds while nothing changed, also when a file is written anew with the same content', () => {
    expect(isUpToDate(output())).toBe(true);
    writeFileSync(join(root, 'source', 'deep', 'a.ts'), 'a');
    expect(isUpToDate(output())).toBe(true);
  });
  it('ends when an input changes, appears or goes', () => {
    writeFileSync(join(root, 'source', 'deep', 'a.ts'), 'b');
    expect(isUpToDate(output())).toBe(false);
    writeFileSync(join(root, 'source', 'deep', 'a.ts'), 'a');
    writeFileSync(join(root, 'config.json'), '{}');
    expect(isUpToDate(output())).toBe(false);
    rmSync(join(root, 'config.json'));
    rmSync(join(root, 'source', 'deep', 'a.ts'));
    expect(isUpToDate(output())).toBe(false);
  });
  it('ends when an output goes', () => {
    rmSync(join(root, 'dist', 'a.js'));
    expect(isUpToDate(output())).toBe(false);
  });
  it('does not hold where nothing was remembered', () => {
    expect(isUpToDate({ ...output(), name: 'other' })).toBe(false);
  });
});
