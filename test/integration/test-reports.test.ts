/** The reporters behind the closing line of `npm test`, on real runs of both runners. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import { runCommand } from '../../scripts/setup/run-command.mjs';
import { readReport, reportVariable } from '../../scripts/test-run/report.mjs';
import { summarize } from '../../scripts/test-run/summarize.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shadow-trainer-reports-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'junction');
  mkdirSync(join(root, 'tests'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, lines: readonly string[]): void => writeFileSync(join(root, name), lines.join('\n'));

async function run(runner: string, args: readonly string[]) {
  const reportPath = join(root, 'report.json');
  const [module = '', ...rest] = args;
  const { exitCode } = await runCommand(process.execPath, [join(root, 'node_modules', module), ...rest], {
    cwd: root,
    // The runner that runs this test must not be mistaken for the one under test.
    env: { [reportVariable]: reportPath, VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined },
  });
  return summarize([{ runner, exitCode, report: readReport(reportPath) }]);
}

describe('vitest', () => {
  const reporter = join(projectRoot, 'scripts', 'test-run', 'vitest-reporter.mjs');
  const vitest = () => run('vitest', ['vitest/vitest.mjs', 'run', '--root', root, `--reporter=${reporter}`]);

  it('tells passed, failed and skipped apart, with the reasons that tests and titles give', async () => {
    write('tests/a.test.ts', [
      "import { expect, it } from 'vitest';",
      "it('passes', () => {});",
      "it('fails', () => expect(1).toBe(2));",
      "it('skips itself', (context) => context.skip('no clip'));",
      "it.skipIf(true)('is skipped (needs a camera)', () => {});",
      "it.skip('is skipped silently', () => {});",
    ]);
    const summary = await vitest();
    expect(summary.closingLine).toBe('1 passed, 2 failed, 2 skipped');
    expect(summary.skips.filter((line) => !line.startsWith(' '))).toEqual([
      'skipped, no clip:',
      'skipped, needs a camera:',
    ]);
    expect(summary.failures[1]).toContain('is skipped silently: skipped without a reason');
  });

  it('counts files that do not load and suites whose preparation fails', async () => {
    write('tests/a.test.ts', ["import './missing.ts';"]);
    write('tests/b.test.ts', [
      "import { beforeAll, describe, it } from 'vitest';",
      "describe('suite', () => {",
      "  beforeAll(() => { throw new Error('no room'); });",
      "  it('is never reached', () => {});",
      '});',
    ]);
    const summary = await vitest();
    expect(summary.failed).toBe(2);
    expect(summary.skips).toContain('skipped, its suite failed before it:');
  });

  it('takes a run without tests for a failure', async () => {
    expect((await vitest()).exitCode).toBe(1);
  });
});

describe('Playwright', () => {
  const reporter = join(projectRoot, 'scripts', 'test-run', 'playwright-reporter.mjs');
  const playwright = () => run('playwright', ['@playwright/test/cli.js', 'test', `--reporter=${reporter}`]);

  it('tells passed, failed and skipped apart, with reasons', async () => {
    write('tests/a.spec.ts', [
      "import { expect, test } from '@playwright/test';",
      "test('passes', () => {});",
      "test('fails', () => expect(1).toBe(2));",
      "test('skips itself', () => test.skip(true, 'no screen'));",
    ]);
    const summary = await playwright();
    expect(summary.closingLine).toBe('1 passed, 1 failed, 1 skipped');
    expect(summary.skips).toContain('skipped, no screen:');
  });

  it('counts files that do not load', async () => {
    write('tests/a.spec.ts', ["import './missing.ts';"]);
    expect((await playwright()).exitCode).toBe(1);
  });
});
