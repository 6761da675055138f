/**
 * @typedef {object} RunnerRun
 * @property {string} runner
 * @property {number} exitCode
 * @property {import('./report.mjs').TestReport | undefined} report Undefined: it left none.
 *
 * @typedef {object} TestSummary
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures One line each.
 * @property {string[]} skips One line for each reason, then the tests.
 * @property {string} closingLine
 * @property {number} exitCode
 */

/**
 * Adds runs up. What is wrong beside the tests counts as a failure too: a runner that left no report, one that found
 * no tests, one that ended badly although its tests passed, and a skip that gives no reason.
 * @param {readonly RunnerRun[]} runs
 * @returns {TestSummary}
 */
export function summarize(runs) {
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  /** @type {Map<string, string[]>} */
  const skipsByReason = new Map();

  for (const { runner, exitCode, report } of runs) {
    if (report === undefined) {
      failures.push(`${runner}: ended with exit code ${exitCode} and left no report`);
      continue;
    }
    const failuresBefore = failures.length;
    failures.push(...report.problems.map((problem) => `${runner}: ${firstLine(problem)}`));
    for (const { name, outcome, reason } of report.tests) {
      if (outcome === 'passed') passed += 1;
      else if (outcome === 'failed') failures.push(`${runner}: ${name}`);
      else if (reason === undefined) failures.push(`${runner}: ${name}: skipped without a reason`);
      else skipsByReason.set(reason, [...(skipsByReason.get(reason) ?? []), name]);
    }
    if (failures.length > failuresBefore) continue;
    if (report.tests.length === 0) failures.push(`${runner}: found no tests`);
    else if (exitCode !== 0) failures.push(`${runner}: ended with exit code ${exitCode} although no test failed`);
  }

  const skipped = [...skipsByReason.values()].reduce((sum, names) => sum + names.length, 0);
  return {
    passed,
    failed: failures.length,
    skipped,
    failures,
    skips: [...skipsByReason].flatMap(([reason, names]) => [
      `skipped, ${reason}:`,
      ...names.map((name) => `  ${name}`),
    ]),
    closingLine: `${passed} passed, ${failures.length} failed, ${skipped} skipped`,
    exitCode: failures.length === 0 ? 0 : 1,
  };
}

/** @param {string} text */
const firstLine = (text) => text.split('\n').find((line) => line.trim() !== '') ?? 'an error without a message';
