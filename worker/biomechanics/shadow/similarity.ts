/** How alike two repetitions are, 0..10: per joint, per phase and in all. */
import type { JointName } from '../joint-motion.ts';
import type { ProfilePhase } from '../profile.ts';
import { angleBetweenDegrees, type Vector } from '../vectors.ts';
import type { TimeAlignment } from './align-in-time.ts';
import { type BodyPoint, type BoneDirections, boneDirections } from './body-tree.ts';
import { disturbSource, type SourceUncertainty } from './disturb-source.ts';
import { evenTimes, layOver, type OverlayOptions, type ShadowSource } from './lay-over.ts';
import { resampleMotion } from './resample-motion.ts';
import { scoreOfDegrees } from './score-of-degrees.ts';

export interface Score {
  /** 0..10. */
  readonly score: number;
  /** 90 %, from the errors of the joints and moments of both; absent where none were given. */
  readonly interval?: readonly [low: number, high: number];
  /** Mean angle between the bones of the two. */
  readonly degrees: number;
}

export type JointScores = Readonly<Partial<Record<JointName, Score>>>;

export interface PhaseSimilarity extends Score {
  readonly id: string;
  readonly label: string;
  /** On the athlete's clock. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly joints: JointScores;
}

export interface Similarity extends Score {
  readonly phases: readonly PhaseSimilarity[];
  /** Over all phases. */
  readonly joints: JointScores;
  /** Joints that are compared, but not seen in one of the two: they do not count. */
  readonly notSeen: readonly JointName[];
}

export interface SimilarityOptions extends OverlayOptions {
  /** The profile's. Those whose events are not shared are left out; without any, one between each two shared events. */
  readonly phases?: readonly ProfilePhase[] | undefined;
  readonly athleteUncertainty?: SourceUncertainty | undefined;
  readonly referenceUncertainty?: SourceUncertainty | undefined;
  /** How often everything is measured again with errors drawn anew. */
  readonly draws?: number | undefined;
  readonly seed?: number | undefined;
}

/**
 * Compared are the directions of bones, not the places of joints, so that size does not matter: a joint is scored by the
 * bones that place it, the hips by their line, the shoulders by trunk and shoulder line, every other by the bone that
 * ends at it.
 */
export const scoredJoints: readonly {
  readonly joint: JointName;
  readonly bones: readonly BodyPoint[];
  readonly weight: number;
}[] = (['left', 'right'] as const).flatMap((side) => [
  // Both hips share one line, both shoulders one line and the trunk: together they count as one joint each.
  { joint: `${side}_hip` as const, bones: [`${side}_hip` as const], weight: 0.5 },
  { joint: `${side}_shoulder` as const, bones: ['mid_shoulder' as const, `${side}_shoulder` as const], weight: 0.5 },
  ...(['elbow', 'wrist', 'knee', 'ankle'] as const).map((part) => ({
    ...{ joint: `${side}_${part}` as const, bones: [`${side}_${part}` as const], weight: 1 },
  })),
]);

/** Moments compared in each phase, however fast it is and however often it was filmed. */
const samplesPerPhase = 24;
/** A joint that is seen in a smaller share of a phase does not count there. */
const leastSeen = 0.5;
const usualDraws = 24;
const share = 0.9;

/**
 * Mean of the scores of the joints in every phase, phases counting alike: the fastest is the shortest, and the one that
 * matters. It does not hang on the worst joint: scores have a floor, so that a joint costs no more than its share.
 * Tempo is not part of it (see `compareTempo`). Undefined where no joint is seen in both.
 */
export function measureSimilarity(options: SimilarityOptions): Similarity | undefined {
  const { athlete, reference, athleteUncertainty, referenceUncertainty, draws = usualDraws, seed = 1 } = options;
  const measured = measureOnce(options);
  if (measured.all === undefined) return undefined;
  const isUncertain = athleteUncertainty !== undefined || referenceUncertainty !== undefined;
  const drawn = Array.from({ length: isUncertain ? draws : 0 }, (_, draw) => {
    const disturbed = (source: ShadowSource, uncertainty: SourceUncertainty | undefined, own: number): ShadowSource =>
      uncertainty ? disturbSource({ source, uncertainty, seed: (seed * 7919 + draw) * 4 + own }) : source;
    return measureOnce({
      ...options,
      athlete: disturbed(athlete, athleteUncertainty, 0),
      reference: disturbed(reference, referenceUncertainty, 2),
    });
  });
  const withInterval = (score: Score, again: (similarity: Measured) => Score | undefined): Score => {
    const scores = drawn.flatMap((similarity) => again(similarity)?.score ?? []);
    return scores.length < 2 ? score : { ...score, interval: intervalAround(score.score, scores) };
  };
  const jointsWith = (joints: JointScores, again: (similarity: Measured) => JointScores | undefined): JointScores =>
    Object.fromEntries(
      Object.entries(joints).map(([joint, score]) => [
        joint,
        withInterval(score, (similarity) => again(similarity)?.[joint as JointName]),
      ]),
    );
  return {
    ...withInterval(measured.all, ({ all }) => all),
    phases: measured.phases.map((phase) => {
      const again = ({ phases }: Measured) => phases.find(({ id }) => id === phase.id);
      return { ...phase, ...withInterval(phase, again), joints: jointsWith(phase.joints, (m) => again(m)?.joints) };
    }),
    joints: jointsWith(measured.joints, ({ joints }) => joints),
    notSeen: scoredJoints.flatMap(({ joint }) => (measured.joints[joint] === undefined ? [joint] : [])),
  };
}

/** Before intervals. */
interface Measured {
  readonly all: Score | undefined;
  readonly phases: readonly PhaseSimilarity[];
  readonly joints: JointScores;
}

function measureOnce({ athlete, reference, isTilted, phases }: SimilarityOptions): Measured {
  const overlay = layOver({ athlete, reference, isTilted });
  const scored = comparedPhases(overlay.alignment, phases).flatMap((phase): PhaseSimilarity[] => {
    const times = evenTimes(phase.fromSeconds, phase.toSeconds, samplesPerPhase);
    const own = boneDirections(resampleMotion(athlete.motion, times));
    const joints = jointScores(own, overlay.directionsAt(times));
    const whole = meanScore(scoredJoints.map(({ joint, weight }) => [joints[joint], weight]));
    return whole === undefined ? [] : [{ ...phase, ...whole, joints }];
  });
  return {
    all: meanScore(scored.map((phase) => [phase, 1])),
    phases: scored,
    joints: Object.fromEntries(
      scoredJoints.flatMap(({ joint }) => {
        const mean = meanScore(scored.map(({ joints }) => [joints[joint], 1]));
        return mean === undefined ? [] : [[joint, mean]];
      }),
    ),
  };
}

type ComparedPhase = Pick<PhaseSimilarity, 'id' | 'label' | 'fromSeconds' | 'toSeconds'>;

function comparedPhases({ anchors }: TimeAlignment, phases: readonly ProfilePhase[] = []): readonly ComparedPhase[] {
  const timeOf = (event: string): number | undefined =>
    anchors.find((anchor) => anchor.event === event)?.athleteSeconds;
  const named = phases.flatMap(({ id, label, from, to }): ComparedPhase[] => {
    const [fromSeconds, toSeconds] = [timeOf(from), timeOf(to)];
    return fromSeconds !== undefined && toSeconds !== undefined && fromSeconds < toSeconds
      ? [{ id, label, fromSeconds, toSeconds }]
      : [];
  });
  if (named.length > 0) return named;
  return anchors.slice(1).map(({ event, athleteSeconds }, i) => {
    const before = anchors[i] as (typeof anchors)[number];
    return {
      ...{ id: `${before.event}-${event}`, label: `${before.event} to ${event}` },
      ...{ fromSeconds: before.athleteSeconds, toSeconds: athleteSeconds },
    };
  });
}

function jointScores(own: BoneDirections, other: BoneDirections): JointScores {
  return Object.fromEntries(
    scoredJoints.flatMap(({ joint, bones }) => {
      const angles = Array.from({ length: samplesPerPhase }, (_, sample) =>
        mean(
          bones.map((bone) => angleBetweenDegrees(directionAt(own[bone], sample), directionAt(other[bone], sample))),
        ),
      ).filter(Number.isFinite);
      if (angles.length < leastSeen * samplesPerPhase) return [];
      return [[joint, { score: mean(angles.map(scoreOfDegrees)), degrees: mean(angles) }]];
    }),
  );
}

function directionAt(directions: Float64Array | undefined, sample: number): Vector {
  return Array.from(directions?.subarray(sample * 3, sample * 3 + 3) ?? missing);
}

const missing: Vector = [Number.NaN, Number.NaN, Number.NaN];

/** Undefined where there is none. */
function meanScore(scores: readonly (readonly [score: Score | undefined, weight: number])[]): Score | undefined {
  let [total, score, degrees] = [0, 0, 0];
  for (const [one, weight] of scores) {
    if (one === undefined) continue;
    total += weight;
    score += weight * one.score;
    degrees += weight * one.degrees;
  }
  return total > 0 ? { score: score / total, degrees: degrees / total } : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * 90 % of the draws, moved so that their middle lies on the score. Errors alone make two motions less alike: by as much
 * as disturbing lowers the middle, the interval reaches the further up. Within 0..10.
 */
function intervalAround(score: number, draws: readonly number[]): [low: number, high: number] {
  const sorted = [...draws].sort((a, b) => a - b);
  const quantile = (at: number): number => {
    const place = at * (sorted.length - 1);
    const low = sorted[Math.floor(place)] as number;
    return low + (place % 1) * ((sorted[Math.floor(place) + 1] ?? low) - low);
  };
  const [low, middle, high] = [quantile((1 - share) / 2), quantile(0.5), quantile((1 + share) / 2)];
  const shift = middle - score;
  return [
    Math.max(0, score + low - middle - Math.max(0, shift)),
    Math.min(10, score + high - middle - Math.min(0, shift)),
  ];
}
