import { describe, expect, it } from 'vitest';
import {
  chunkJobId,
  type JobName,
  jobDefinitions,
  jobNames,
  jobProgressSchema,
  parseChunkJobId,
  type StageName,
} from '../../../worker/protocol/jobs.ts';
import { fractionOfJob } from '../../../worker/protocol/progress.ts';
import { queueNames, queueOfJob } from '../../../worker/protocol/queues.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';

describe('chunk job ids', () => {
  it('name the analysis and the chunk, both ways', () => {
    const id = chunkJobId('analyse-0123abcd', 17);
    expect(id).toBe('analyse-0123abcd-chunk-17');
    expect(parseChunkJobId(id)).toEqual({ analyseJobId: 'analyse-0123abcd', chunkIndex: 17 });
  });

  it('have no colon, which BullMQ refuses in the id of a job', () => {
    expect(chunkJobId('analyse-0123abcd', 0)).not.toContain(':');
  });

  it.each(['analyse-0123abcd', 'analyse-chunk-', '-chunk-1', 'a-chunk-x', ''])('are no other id: %j', (id) => {
    expect(parseChunkJobId(id)).toBeUndefined();
  });
});

describe('fractionOfJob', () => {
  const stagesOf: Record<Exclude<JobName, 'pose-chunk'>, StageName[]> = {
    'analyse-clip': ['probe', 'index', 'scout', 'pose', 'clean', 'measure', 'store'],
    'prepare-playback': ['probe', 'index', 'playback'],
    'export-analysis': ['index', 'export'],
  };

  it.each(Object.entries(stagesOf))(
    '%s: grows through its stages in their order, from 0 to almost 1',
    (kind, stages) => {
      const fractions = stages.flatMap((stage) =>
        [0, 1, 50, 99, 100].map((done) => fractionOfJob(kind as keyof typeof stagesOf, stage, done, 100)),
      );
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(fractions[0]).toBe(0);
      expect(fractions.at(-1)).toBeGreaterThan(0.95);
      expect(fractions.at(-1)).toBeLessThanOrEqual(1);
    },
  );

  it('stays inside its stage for counts that are too large or unknown', () => {
    expect(fractionOfJob('analyse-clip', 'pose', 500, 100)).toBe(fractionOfJob('analyse-clip', 'pose', 100, 100));
    expect(fractionOfJob('analyse-clip', 'pose', 5, 0)).toBe(fractionOfJob('analyse-clip', 'pose', 0, 100));
  });

  it('counts a stage that the job does not have as nothing', () => {
    expect(fractionOfJob('export-analysis', 'pose', 50, 100)).toBe(0);
  });
});

describe('jobs', () => {
  it('each have a queue', () => {
    expect(jobNames.map((name) => queueOfJob[name]).every((queue) => queueNames.includes(queue))).toBe(true);
  });

  it('of another protocol version are refused', () => {
    const clip = { sha256: 'a'.repeat(64), mediaType: 'video/mp4', byteLength: 1 };
    const payload = { protocolVersion, clip, clipName: 'a.mp4', limits: { maximumSeconds: 1, minimumPixels: 1 } };
    const { payload: schema } = jobDefinitions['prepare-playback'];
    expect(schema.safeParse(payload).success).toBe(true);
    expect(schema.safeParse({ ...payload, protocolVersion: protocolVersion + 1 }).success).toBe(false);
  });

  it('report progress in whole frames of a known stage', () => {
    const progress = { stage: 'pose', framesDone: 1, framesTotal: 2, at: 3 };
    expect(jobProgressSchema.safeParse(progress).success).toBe(true);
    for (const wrong of [{ stage: 'nap' }, { framesDone: -1 }, { framesTotal: 1.5 }])
      expect(jobProgressSchema.safeParse({ ...progress, ...wrong }).success).toBe(false);
  });
});
