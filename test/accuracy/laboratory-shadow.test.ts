import { describe, expect, it } from 'vitest';
import type { JointMotion } from '../../worker/biomechanics/joint-motion.ts';
import type { MeasuredRepetition } from '../../worker/biomechanics/profile.ts';
import { normRepetition } from '../../worker/biomechanics/shadow/norm-motion.ts';
import { measureSimilarity, type Similarity } from '../../worker/biomechanics/shadow/similarity.ts';
import { smoothJoints } from '../../worker/biomechanics/smooth-joints.ts';
import { hasLaboratory, readLaboratoryPitch } from './athlete/laboratory/laboratory-data.ts';

const because = hasLaboratory() ? '' : ' (skipped: no laboratory data beside the project)';
const parts = ['Shoulder', 'Elbow', 'Wrist', 'Hip', 'Knee', 'Ankle'] as const;
const cutoffHertz = 20;

/** Every third frame: 120 a second. */
function repetition(name: string): MeasuredRepetition {
  const { times, frames, events, heightMetres } = readLaboratoryPitch(name);
  const kept = [...times.keys()].filter((frame) => frame % 3 === 0);
  const joints = Object.fromEntries(
    (['left', 'right'] as const).flatMap((side) =>
      parts.map((part) => [
        `${side}_${part.toLowerCase()}`,
        Float64Array.from(kept.flatMap((frame) => [...(frames[frame]?.[`${side}${part}`] ?? [])])),
      ]),
    ),
  );
  const motion: JointMotion = {
    ...{ timesSeconds: Float64Array.from(kept, (frame) => times[frame] as number), joints },
    ...{ isGrounded: true, towardsTarget: [1, 0, 0] },
  };
  const { peakKneeHeight = 0, footContact = 0, maximumExternalRotation = 0, ballRelease } = events;
  const moments = { peakKneeHeight, footContact, maximumExternalRotation, release: ballRelease };
  return {
    ...{ hand: 'right', heightMetres, metrics: [], motion: smoothJoints(motion, cutoffHertz) },
    ...{ fromSeconds: times[0] ?? 0, toSeconds: times.at(-1) ?? 0 },
    events: Object.fromEntries(
      Object.entries(moments).map(([id, timeSeconds]) => [id, { timeSeconds, uncertaintySeconds: 0.003 }]),
    ),
  };
}

function similarity(athlete: MeasuredRepetition, reference: MeasuredRepetition): Similarity {
  const uncertainty = { joints: { sigmaMetres: () => 0.005, correlationSeconds: 0.03 }, cutoffHertz };
  const found = measureSimilarity({
    ...{ athlete, reference, draws: 12 },
    ...{ athleteUncertainty: uncertainty, referenceUncertainty: uncertainty },
  });
  if (found === undefined) throw new Error('nothing to compare');
  return found;
}

describe('pitches of a laboratory, one as the shadow of another', () => {
  it.skipIf(!hasLaboratory())(`are alike within a pitcher and not between two${because}`, () => {
    const [first, second, other] = ['1031_2', '1031_3', '1097_1'].map(repetition) as [
      MeasuredRepetition,
      MeasuredRepetition,
      MeasuredRepetition,
    ];
    expect(similarity(first, first).score).toBe(10);
    const within = similarity(first, second);
    expect(within.score).toBeGreaterThan(9.2);
    for (const { score, id } of within.phases) expect(score, id).toBeGreaterThan(8.8);
    for (const one of [first, second]) {
      const between = similarity(one, other);
      expect(between.score).toBeLessThan(7);
      expect(Number(between.interval?.[1])).toBeLessThan(Number(within.interval?.[0]) - 1);
      // The generated mean is a pitch like theirs: nearer to neither than they are to themselves.
      const norm = similarity(one, normRepetition(one));
      expect(norm.score).toBeGreaterThan(4);
      expect(norm.score).toBeLessThan(within.score - 1);
    }
  });
});
