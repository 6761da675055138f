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
import { type SquaresOfPhase, withoutErrors } from './without-errors.ts';

export interface Score {
  /** 0..10. */
  readonly score: number;
  /** 90 %, from the errors of the joints and moments of both; absent where none were given. */
  readonly interval?: readonly [low: number, high: number];
  /** Between the bones of the two: root of the mean square in a phase, mean over joints and phases. */
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
 * Tempo is not part of it (see `comparePhases`). What errors of joints and moments alone would set between two motions
 * that are the same is taken off, so that the same athlete filmed twice is not unlike himself because he was filmed.
 * Undefined where no joint is seen in both.
 */
export function measureSimilarity(options: SimilarityOptions): Similarity | undefined {
  const { athlete, reference, athleteUncertainty, referenceUncertainty, draws = usualDraws, seed = 1 } = options;
  const observed = phaseSquares(options);
  const isUncertain = athleteUncertainty !== undefined || referenceUncertainty !== undefined;
  const disturbed = Array.from({ length: isUncertain ? draws : 0 }, (_, draw) => {
    const again = (source: ShadowSource, uncertainty: SourceUncertainty | undefined, own: number): ShadowSource =>
      uncertainty ? disturbSource({ source, uncertainty, seed: (seed * 7919 + draw) * 4 + own }) : source;
    return phaseSquares({
      ...options,
      athlete: again(athlete, athleteUncertainty, 0),
      reference: again(reference, referenceUncertainty, 2),
    });
  });
  const { without, drawn } = withoutErrors(observed, disturbed);
  const measured = scored(without);
  const { all } = measured;
  if (all === undefined) return undefined;
  const again = drawn.map(scored);
  return {
    ...withInterval(
      all,
      again.map((one) => one.all),
    ),
    phases: measured.phases.map((phase, i) => ({
      ...phase,
      ...withInterval(
        phase,
        again.map(({ phases }) => phases[i]),
      ),
      joints: jointIntervals(
        phase.joints,
        again.map(({ phases }) => phases[i]?.joints),
      ),
    })),
    joints: jointIntervals(
      measured.joints,
      again.map(({ joints }) => joints),
    ),
    notSeen: scoredJoints.flatMap(({ joint }) => (measured.joints[joint] === undefined ? [joint] : [])),
  };
}

type PhaseSquares = ComparedPhase & SquaresOfPhase;
type ComparedPhase = Pick<PhaseSimilarity, 'id' | 'label' | 'fromSeconds' | 'toSeconds'>;

function phaseSquares({ athlete, reference, isTilted, turn, phases }: SimilarityOptions): PhaseSquares[] {
  const overlay = layOver({ athlete, reference, isTilted, turn });
  return comparedPhases(overlay.alignment, phases).map((phase) => {
    const times = evenTimes(phase.fromSeconds, phase.toSeconds, samplesPerPhase);
    const own = boneDirections(resampleMotion(athlete.motion, times));
    return { ...phase, squares: jointSquares(own, overlay.directionsAt(times)) };
  });
}

/** Before intervals. */
interface Measured {
  readonly all: Score | undefined;
  readonly phases: readonly PhaseSimilarity[];
  readonly joints: JointScores;
}

/** Phases in which no joint is seen are left out. */
function scored(observed: readonly PhaseSquares[]): Measured {
  const phases = observed.flatMap(({ squares, ...phase }): PhaseSimilarity[] => {
    const joints: JointScores = Object.fromEntries(
      Object.entries(squares).map(([joint, square]) => {
        const degrees = Math.sqrt(square);
        return [joint, { score: scoreOfDegrees(degrees), degrees }];
      }),
    );
    const whole = meanScore(scoredJoints.map(({ joint, weight }) => [joints[joint], weight]));
    return whole === undefined ? [] : [{ ...phase, ...whole, joints }];
  });
  return {
    all: meanScore(phases.map((phase) => [phase, 1])),
    phases,
    joints: Object.fromEntries(
      scoredJoints.flatMap(({ joint }) => {
        const overPhases = meanScore(phases.map(({ joints }) => [joints[joint], 1]));
        return overPhases === undefined ? [] : [[joint, overPhases]];
      }),
    ),
  };
}

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

function jointSquares(own: BoneDirections, other: BoneDirections): PhaseSquares['squares'] {
  return Object.fromEntries(
    scoredJoints.flatMap(({ joint, bones }) => {
      const squares = Array.from({ length: samplesPerPhase }, (_, at) =>
        mean(bones.map((bone) => angleBetweenDegrees(directionAt(own[bone], at), directionAt(other[bone], at)) ** 2)),
      ).filter(Number.isFinite);
      return squares.length < leastSeen * samplesPerPhase ? [] : [[joint, mean(squares)]];
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

function jointIntervals(joints: JointScores, again: readonly (JointScores | undefined)[]): JointScores {
  return Object.fromEntries(
    Object.entries(joints).map(([joint, score]) => [
      joint,
      withInterval(
        score,
        again.map((scores) => scores?.[joint as JointName]),
      ),
    ]),
  );
}

/** 90 % of the draws; the score itself always lies within. */
function withInterval(score: Score, again: readonly (Score | undefined)[]): Score {
  const sorted = again.flatMap((one) => one?.score ?? []).sort((a, b) => a - b);
  if (sorted.length < 2) return score;
  const quantile = (at: number): number => {
    const place = at * (sorted.length - 1);
    const low = sorted[Math.floor(place)] as number;
    return low + (place % 1) * ((sorted[Math.floor(place) + 1] ?? low) - low);
  };
  const [low, high] = [quantile((1 - share) / 2), quantile((1 + share) / 2)];
  return { ...score, interval: [Math.min(low, score.score), Math.max(high, score.score)] };
}
