import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What a test runner leaves behind, in one form for all of them.
 *
 * @typedef {object} TestOutcome
 * @property {string} name Everything that tells the test from others: project, file, suite, title.
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {string} [reason] Why it was skipped.
 *
 * @typedef {object} TestReport
 * @property {TestOutcome[]} tests
 * @property {string[]} problems Failures that belong to no test: a file that does not load, an error outside of tests.
 */

/** Environment variable that names the file a reporter writes. */
export const reportVariable = 'SHADOW_TRAINER_TEST_REPORT';

/** @param {TestReport} report */
export function writeReport(report) {
  const path = process.env[reportVariable];
  if (path === undefined) throw new Error(`${reportVariable} does not name the report's file`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(report));
}

/**
 * A report, or undefined when the runner did not live to write it.
 * @param {string} path
 * @returns {TestReport | undefined}
 */
export function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
