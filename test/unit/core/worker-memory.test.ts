import { describe, expect, it } from 'vitest';
import { workerMemory } from '../../../worker/machine/worker-memory.ts';

describe('memory of a worker', () => {
  it('is a share of the machine, and never less than a worker needs', () => {
    expect(workerMemory({ memoryBytes: 64e9, workers: 8 })).toEqual({ restartAboveBytes: 3e9, endAboveBytes: 6e9 });
    expect(workerMemory({ memoryBytes: 4e9, workers: 2 })).toEqual({ restartAboveBytes: 1.5e9, endAboveBytes: 3e9 });
  });
});
