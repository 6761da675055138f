import { describe, expect, it } from 'vitest';
import { canTransition, isEnded, jobStatuses, legalTransitions } from '../../../worker/protocol/status.ts';

describe('job statuses', () => {
  it('lets an ended job only be queued again, and a done one stay done', () => {
    expect(jobStatuses.filter(isEnded)).toEqual(['cancelled', 'failed', 'done']);
    expect(legalTransitions.cancelled).toEqual(['queued']);
    expect(legalTransitions.failed).toEqual(['queued']);
    expect(legalTransitions.done).toEqual([]);
  });

  it('never takes a wish to cancel back', () => {
    expect(canTransition('cancelling', 'running')).toBe(false);
    expect(canTransition('cancelling', 'queued')).toBe(false);
  });

  it('reaches an end from every status that is not one', () => {
    for (const status of jobStatuses.filter((each) => !isEnded(each)))
      for (const end of jobStatuses.filter(isEnded)) expect(canTransition(status, end), `${status} ${end}`).toBe(true);
  });

  it('pauses only what has not ended, and goes on where it was', () => {
    expect(jobStatuses.filter((from) => canTransition(from, 'paused'))).toEqual(['queued', 'running']);
    for (const to of ['queued', 'running', 'cancelling'] as const) expect(canTransition('paused', to)).toBe(true);
  });

  it('puts a job back in the queue when its worker is lost', () => {
    expect(canTransition('running', 'queued')).toBe(true);
  });
});
