import { describe, expect, it } from 'vitest';
import type { TestReport } from '../../../scripts/test-run/report.mjs';
import { statedReason } from '../../../scripts/test-run/stated-reason.mjs';
import { summarize } from '../../../scripts/test-run/summarize.mjs';

const passing: TestReport = { tests: [{ name: 'a', outcome: 'passed' }], problems: [] };

describe('summarize', () => {
  it('adds the runners up in the closing line', () => {
    const summary = summarize([
      { runner: 'vitest', exitCode: 0, report: passing },
      {
        runner: 'playwright',
        exitCode: 0,
        report: { tests: [...passing.tests, { name: 'b', outcome: 'skipped', reason: 'no clips' }], problems: [] },
      },
    ]);
    expect(summary.closingLine).toBe('2 passed, 0 failed, 1 skipped');
    expect(summary.skips).toEqual(['skipped, no clips:', '  b']);
    expect(summary.exitCode).toBe(0);
  });

  it('counts a failed test once and fails', () => {
    const report: TestReport = { tests: [...passing.tests, { name: 'b', outcome: 'failed' }], problems: [] };
    const summary = summarize([{ runner: 'vitest', exitCode: 1, report }]);
    expect(summary.closingLine).toBe('1 passed, 1 failed, 0 skipped');
    expect(summary.failures).toEqual(['vitest: b']);
    expect(summary.exitCode).toBe(1);
  });

  it('counts a runner that left no report, whatever its exit code', () => {
    const summary = summarize([
      { runner: 'vitest', exitCode: 0, report: passing },
      { runner: 'playwright', exitCode: 0, report: undefined },
    ]);
    expect(summary.closingLine).toBe('1 passed, 1 failed, 0 skipped');
    expect(summary.exitCode).toBe(1);
  });

  it('counts a runner without tests', () => {
    const summary = summarize([{ runner: 'vitest', exitCode: 0, report: { tests: [], problems: [] } }]);
    expect(summary.failures).toEqual(['vitest: found no tests']);
  });

  it('counts a bad end after good tests', () => {
    const summary = summarize([{ runner: 'vitest', exitCode: 134, report: passing }]);
    expect(summary.failures).toEqual(['vitest: ended with exit code 134 although no test failed']);
  });

  it('counts each problem outside of tests, by its first line', () => {
    const report: TestReport = { ...passing, problems: ['\ncannot load x\n  at y', 'other'] };
    const summary = summarize([{ runner: 'vitest', exitCode: 1, report }]);
    expect(summary.failures).toEqual(['vitest: cannot load x', 'vitest: other']);
  });

  it('takes a skip without a reason for a failure', () => {
    const report: TestReport = { tests: [...passing.tests, { name: 'b', outcome: 'skipped' }], problems: [] };
    const summary = summarize([{ runner: 'vitest', exitCode: 0, report }]);
    expect(summary.closingLine).toBe('1 passed, 1 failed, 0 skipped');
  });
});

describe('statedReason', () => {
  it('reads what a title says is needed', () => {
    expect(statedReason('pitch from the side (needs the clips)')).toBe('needs the clips');
    expect(statedReason('pitch from the side (skipped: no clips in /clips)')).toBe('no clips in /clips');
    expect(statedReason('pitch from the side (slowly)')).toBeUndefined();
  });
});
