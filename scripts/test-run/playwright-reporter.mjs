import { relative } from 'node:path';
import { writeReport } from './report.mjs';

/** Writes the common report at the end of a Playwright run. */
export default class PlaywrightReporter {
  /** @type {import('@playwright/test/reporter').Suite | undefined} */
  #suite;
  /** @type {string[]} */
  #problems = [];

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** @param {import('@playwright/test/reporter').TestError} error */
  onError(error) {
    this.#problems.push(error.message ?? 'an error outside of any test');
  }

  onEnd() {
    const tests = (this.#suite?.allTests() ?? []).map(outcomeOf);
    writeReport({ tests, problems: this.#problems });
  }
}

/**
 * @param {import('@playwright/test/reporter').TestCase} test
 * @returns {import('./report.mjs').TestOutcome}
 */
function outcomeOf(test) {
  const [, project = '', , ...titles] = test.titlePath();
  const name = [project, relative(process.cwd(), test.location.file), ...titles].join(' ');
  const outcome = test.outcome();
  // One that was never begun has no result: it counts as skipped for Playwright, and as a failure for us.
  if (outcome === 'skipped' && (test.results.length > 0 || test.expectedStatus === 'skipped')) {
    const reason = test.annotations.concat(test.results.at(-1)?.annotations ?? []).find(({ type }) => type === 'skip');
    return reason?.description === undefined
      ? { name, outcome: 'skipped' }
      : { name, outcome: 'skipped', reason: reason.description };
  }
  return { name, outcome: outcome === 'expected' ? 'passed' : 'failed' };
}
