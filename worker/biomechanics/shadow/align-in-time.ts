import type { MeasuredRepetition } from '../profile.ts';

/** What of a repetition decides when which pose is due. */
export type TimedRepetition = Pick<MeasuredRepetition, 'events' | 'fromSeconds' | 'toSeconds'>;

/** The same moment in both. */
export interface TimeAnchor {
  /** Id of an event; `start` and `end` of the stretches where no event is shared. */
  readonly event: string;
  readonly athleteSeconds: number;
  readonly referenceSeconds: number;
}

export interface TimeAlignment {
  /** Strictly increasing in both clocks; at least one. */
  readonly anchors: readonly TimeAnchor[];
  /** The reference's time at a time of the athlete. */
  readonly toReference: (athleteSeconds: number) => number;
}

/**
 * Lays the reference's clock on the athlete's: events that both have are the same moments, between them time runs
 * evenly (one tempo a phase), before the first and after the last at the reference's own speed. Events whose order
 * differs between the two cannot all be the same moments: the most that agree are kept. Without a shared event the
 * stretches are laid on each other from start to end.
 */
export function alignInTime(options: {
  readonly athlete: TimedRepetition;
  readonly reference: TimedRepetition;
}): TimeAlignment {
  const { athlete, reference } = options;
  const shared = Object.entries(athlete.events).flatMap(([event, { timeSeconds }]): TimeAnchor[] => {
    const other = reference.events[event];
    return other === undefined ? [] : [{ event, athleteSeconds: timeSeconds, referenceSeconds: other.timeSeconds }];
  });
  const inOrder = longestInOrder(shared);
  const anchors =
    inOrder.length > 0
      ? inOrder
      : [
          { event: 'start', athleteSeconds: athlete.fromSeconds, referenceSeconds: reference.fromSeconds },
          { event: 'end', athleteSeconds: athlete.toSeconds, referenceSeconds: reference.toSeconds },
        ];
  return { anchors, toReference: (athleteSeconds) => warped(anchors, athleteSeconds) };
}

function longestInOrder(anchors: readonly TimeAnchor[]): TimeAnchor[] {
  const sorted = anchors
    .filter(({ athleteSeconds, referenceSeconds }) => Number.isFinite(athleteSeconds + referenceSeconds))
    .sort((a, b) => a.athleteSeconds - b.athleteSeconds);
  const chains: TimeAnchor[][] = [];
  let longest: TimeAnchor[] = [];
  for (const anchor of sorted) {
    let before: TimeAnchor[] = [];
    for (const chain of chains) {
      const last = chain[chain.length - 1] as TimeAnchor;
      const follows = last.athleteSeconds < anchor.athleteSeconds && last.referenceSeconds < anchor.referenceSeconds;
      if (follows && chain.length > before.length) before = chain;
    }
    const chain = [...before, anchor];
    chains.push(chain);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

function warped(anchors: readonly TimeAnchor[], athleteSeconds: number): number {
  const next = anchors.findIndex((anchor) => anchor.athleteSeconds > athleteSeconds);
  const left = anchors[next < 0 ? anchors.length - 1 : Math.max(0, next - 1)] as TimeAnchor;
  const right = anchors[next];
  const since = athleteSeconds - left.athleteSeconds;
  if (next <= 0 || right === undefined) return left.referenceSeconds + since;
  const tempo = (right.referenceSeconds - left.referenceSeconds) / (right.athleteSeconds - left.athleteSeconds);
  return left.referenceSeconds + since * tempo;
}
