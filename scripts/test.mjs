// Sets up what is missing, runs every test, and ends with `N passed, N failed, N skipped`.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot as root } from './project-root.mjs';
import { runForeground } from './run-foreground.mjs';
import { hasDisplay } from './setup/display.mjs';
import { isElectronInstalled } from './setup/electron-binary.mjs';
import { findExecutable } from './setup/find-executable.mjs';
import { runSetup } from './setup/run-setup.mjs';
import { readReport, reportVariable } from './test-run/report.mjs';
import { summarize } from './test-run/summarize.mjs';

const { ready, missing } = await runSetup({ root, purpose: 'test' });
const electron = isElectronInstalled(root);
const required = process.env['REQUIRE_ELECTRON'] === '1';

/** @type {import('./test-run/summarize.mjs').RunnerRun[]} */
const runs = [];
if (ready) {
  runs.push(await runTests('vitest', ['vitest/vitest.mjs', 'run', '--allowOnly=false', ...vitestReporters()]));
  runs.push(
    await runTests('playwright', ['@playwright/test/cli.js', 'test', '--forbid-only', ...playwrightReporters()]),
  );
} else {
  runs.push({ runner: 'set-up', exitCode: 1, report: { tests: [], problems: [`${missing.join(', ')} missing`] } });
}

const summary = summarize(runs);
console.log('');
if (!electron) console.log(`electron: NOT RUN (binary not installed)${required ? ', and REQUIRE_ELECTRON=1' : ''}`);
for (const line of summary.skips) console.log(line);
for (const line of summary.failures) console.log(`FAILED ${line}`);
console.log(summary.closingLine);
process.exitCode = summary.exitCode;

function vitestReporters() {
  return ['--reporter=default', '--reporter=./scripts/test-run/vitest-reporter.mjs'];
}

function playwrightReporters() {
  return ['--reporter=list,./scripts/test-run/playwright-reporter.mjs'];
}

/**
 * @param {string} runner
 * @param {[string, ...string[]]} command A program of node_modules, and its arguments.
 * @returns {Promise<import('./test-run/summarize.mjs').RunnerRun>}
 */
async function runTests(runner, [module, ...args]) {
  const reportPath = join(root, 'test-results', `${runner}.json`);
  rmSync(reportPath, { force: true });
  const command = [process.execPath, join(root, 'node_modules', module), ...args];
  const virtualDisplay = electron && !hasDisplay() ? findExecutable(['xvfb-run']) : undefined;
  const [program = '', ...rest] = virtualDisplay === undefined ? command : [virtualDisplay, '-a', ...command];
  const exitCode = await runForeground(program, rest, { cwd: root, env: { [reportVariable]: reportPath } });
  return { runner, exitCode, report: readReport(reportPath) };
}
