import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { isRecentFailure } from '../../../scripts/setup/memory.mjs';
import { judgeNodeVersion } from '../../../scripts/setup/node-version.mjs';
import { firstDifference, npmCommand } from '../../../scripts/setup/npm-packages.mjs';
import { failureLine, runCommand } from '../../../scripts/setup/run-command.mjs';
import { runSetup } from '../../../scripts/setup/run-setup.mjs';
import type { Step, StepResult } from '../../../scripts/setup/step.mjs';

describe('judgeNodeVersion', () => {
  it.each(['20.19.0', '20.20.2', '22.12.0', '24.1.0'])('takes %s', (version) => {
    expect(judgeNodeVersion(version).outcome).toBe('found');
  });
  it.each(['18.20.0', '20.18.9'])('refuses %s', (version) => {
    expect(judgeNodeVersion(version)).toMatchObject({ outcome: 'missing', fatal: true });
  });
  it.each(['21.7.0', '22.11.0'])('warns of %s', (version) => {
    const result = judgeNodeVersion(version);
    expect(result.outcome).toBe('missing');
    expect(result.fatal).toBeUndefined();
  });
});

describe('firstDifference', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', integrity: 'x' },
      'node_modules/for-windows': { version: '1.0.0', integrity: 'y', optional: true },
    },
  };
  it('finds none when all that is locked is there, but for other platforms’ packages', () => {
    const present = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'x' } } };
    expect(firstDifference(wanted, present)).toBeUndefined();
  });
  it('notices a missing folder, a missing package, another version and other bytes', () => {
    expect(firstDifference(wanted, undefined)).toBe('node_modules is missing');
    expect(firstDifference(wanted, { packages: {} })).toBe('node_modules/a is missing');
    const other = { packages: { 'node_modules/a': { version: '1.0.1', integrity: 'x' } } };
    expect(firstDifference(wanted, other)).toBe('node_modules/a changed');
    const bytes = { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'z' } } };
    expect(firstDifference(wanted, bytes)).toBe('node_modules/a changed');
  });
});

describe('package-lock.json', () => {
  it('names the packages of every system, without which npm ci fails on them', () => {
    const lock: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
      readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'),
    );
    const paths = Object.keys(lock.packages);
    const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies }) =>
      Object.keys(optionalDependencies ?? {}),
    );
    expect(wanted.filter((name) => !paths.some((path) => path.endsWith(`node_modules/${name}`)))).toEqual([]);
  });
});

describe('npmCommand', () => {
  it('is the npm that runs us, else the one beside this Node', () => {
    expect(npmCommand({ npm_execpath: '/lib/npm/bin/npm-cli.js' }, '/bin/node')).toEqual([
      '/bin/node',
      '/lib/npm/bin/npm-cli.js',
    ]);
    expect(npmCommand({ npm_execpath: '/lib/yarn.js' }, '/bin/node')).toEqual(['/bin/npm']);
  });
});

describe('isRecentFailure', () => {
  const memory = { version: '1', failedAtSeconds: 1000 };
  it('holds for a day and for the same version', () => {
    expect(isRecentFailure({ memory, version: '1', nowSeconds: 1000 + 86_399 })).toBe(true);
    expect(isRecentFailure({ memory, version: '1', nowSeconds: 1000 + 86_400 })).toBe(false);
    expect(isRecentFailure({ memory, version: '2', nowSeconds: 1001 })).toBe(false);
    expect(isRecentFailure({ memory: undefined, version: '1', nowSeconds: 1001 })).toBe(false);
  });
  it('does not believe a time that is still to come', () => {
    expect(isRecentFailure({ memory, version: '1', nowSeconds: 999 })).toBe(false);
  });
});

describe('runCommand', () => {
  it('gives output and exit code', async () => {
    const result = await runCommand(process.execPath, [
      '-e',
      'console.log("out"); console.error("err"); process.exit(3)',
    ]);
    expect(result.exitCode).toBe(3);
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });
  it('ends what takes too long, and survives what does not exist', async () => {
    const slow = await runCommand(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutSeconds: 0.3 });
    expect(slow.exitCode).toBe(124);
    expect((await runCommand('no-such-program-here', [])).exitCode).toBe(127);
  });
});

describe('failureLine', () => {
  it('is the first line that names an error, without stack lines', () => {
    expect(failureLine('fetching\nError: getaddrinfo ENOTFOUND\n    at x (error.js)\ndone')).toBe(
      'Error: getaddrinfo ENOTFOUND',
    );
    expect(failureLine('npm warn EBADENGINE package: x\nnpm error code EUSAGE\nnpm error out of sync')).toBe(
      'npm error out of sync',
    );
    expect(failureLine('one\ntwo\n')).toBe('two');
    expect(failureLine('')).toBe('no output');
  });
});

describe('runSetup', () => {
  const step = (name: string, result: StepResult, purposes: Step['purposes'] = ['start']): Step => ({
    name,
    summary: '',
    purposes,
    prepare: async () => result,
  });
  const run = async (steps: readonly Step[], quiet = false) => {
    const lines: string[] = [];
    const outcome = await runSetup({
      root: '/nowhere',
      purpose: 'start',
      steps,
      quiet,
      write: (line) => {
        lines.push(line);
      },
    });
    return { lines, ...outcome };
  };

  it('says of each step what it found, installed or lacks and what that costs', async () => {
    const { lines, ready, missing } = await run([
      step('a', { outcome: 'found', detail: '/bin/a' }),
      step('b', { outcome: 'installed', detail: 'with apt' }),
      step('c', { outcome: 'missing', detail: 'no network', cost: 'no window' }),
      step('d', { outcome: 'found', detail: 'not asked for' }, ['check']),
    ]);
    expect(lines).toEqual([
      '[setup] a: found: /bin/a',
      '[setup] b: installed: with apt',
      '[setup] c: missing: no network; without it: no window',
    ]);
    expect(ready).toBe(true);
    expect(missing).toEqual(['c']);
  });

  it('says nothing when quiet and all is there', async () => {
    const { lines } = await run([step('a', { outcome: 'found', detail: '/bin/a' })], true);
    expect(lines).toEqual([]);
  });

  it('stops at a step that nothing works without', async () => {
    const { lines, ready } = await run([
      step('a', { outcome: 'missing', detail: 'too old', cost: 'nothing runs', fatal: true }),
      step('b', { outcome: 'found', detail: '/bin/b' }),
    ]);
    expect(ready).toBe(false);
    expect(lines).toHaveLength(1);
  });
});
