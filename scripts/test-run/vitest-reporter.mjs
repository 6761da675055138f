import { relative } from 'node:path';
import { writeReport } from './report.mjs';
import { statedReason } from './stated-reason.mjs';

/** Writes the common report at the end of a vitest run. */
export default class VitestReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest/node').SerializedError[]} errors Outside of any test.
   */
  onTestRunEnd(modules, errors) {
    /** @type {import('./report.mjs').TestReport} */
    const report = { tests: [], problems: errors.map(({ message }) => message) };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      const name = `${module.project.name} ${file}`;
      for (const { message } of module.errors()) report.problems.push(`${name}: ${message}`);
      const failedSuites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
      for (const suite of failedSuites) {
        for (const { message } of suite.errors()) report.problems.push(`${name} ${suite.fullName}: ${message}`);
      }
      for (const test of module.children.allTests()) report.tests.push(outcomeOf(test, name, failedSuites));
    }
    writeReport(report);
  }
}

/**
 * @param {import('vitest/node').TestCase} test
 * @param {string} moduleName
 * @param {readonly import('vitest/node').TestSuite[]} failedSuites
 * @returns {import('./report.mjs').TestOutcome}
 */
function outcomeOf(test, moduleName, failedSuites) {
  const name = `${moduleName} ${test.fullName}`;
  const result = test.result();
  if (result.state === 'passed') return { name, outcome: 'passed' };
  if (result.state === 'failed') return { name, outcome: 'failed' };
  // A pending test was never reached: the run broke off.
  if (result.state === 'pending') return { name, outcome: 'failed' };
  const suiteFailed = failedSuites.some((suite) => test.fullName.startsWith(suite.fullName));
  const reason = result.note ?? (suiteFailed ? 'its suite failed before it' : statedReason(test.fullName));
  return reason === undefined ? { name, outcome: 'skipped' } : { name, outcome: 'skipped', reason };
}
