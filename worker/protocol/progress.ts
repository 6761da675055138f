/** How far a whole job is, from how far one of its stages is. */
import type { JobName, StageName } from './jobs.ts';

/** Share of the job's work that lies before and after each stage; measured on three-second clips, so only a guide. */
const spans: Readonly<Record<Exclude<JobName, 'pose-chunk'>, Partial<Record<StageName, readonly [number, number]>>>> = {
  'analyse-clip': {
    probe: [0, 0.01],
    index: [0.01, 0.08],
    scout: [0.08, 0.25],
    pose: [0.25, 0.96],
    clean: [0.96, 0.97],
    measure: [0.97, 0.98],
    store: [0.98, 0.99],
  },
  'prepare-playback': { probe: [0, 0.02], index: [0.02, 0.2], playback: [0.2, 1] },
  'export-analysis': { index: [0, 0.05], export: [0.05, 1] },
};

/** 0..1 of the whole job. A stage that the job does not have, or whose length is unknown, counts as just begun. */
export function fractionOfJob(
  kind: keyof typeof spans,
  stage: StageName,
  framesDone: number,
  framesTotal: number,
): number {
  const [from, to] = spans[kind][stage] ?? [0, 0];
  const share = framesTotal > 0 ? Math.min(1, framesDone / framesTotal) : 0;
  return from + (to - from) * share;
}
