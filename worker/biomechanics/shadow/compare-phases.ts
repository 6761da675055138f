import type { MeasuredRepetition, ProfilePhase, TimedEvent } from '../profile.ts';

/** Tempo: how long a phase takes, and how much of the whole it is. Plain data. */
export interface PhaseDifference {
  readonly id: string;
  readonly label: string;
  readonly athleteSeconds: number;
  readonly referenceSeconds: number;
  /** Of the time from the first shared event to the last, 0..1. */
  readonly athleteShare: number;
  readonly referenceShare: number;
  /** Athlete less reference, of shares: a motion that is slower throughout differs in none. */
  readonly shareDifference: number;
  /** 90 %, from the uncertainty of the moments. */
  readonly interval: readonly [low: number, high: number];
  /** The interval does not hold 0. */
  readonly isDifference: boolean;
}

type Moments = Pick<MeasuredRepetition, 'events'>;

/**
 * Phases whose events both have, in the order given; those between each two shared events where no phase is given.
 * Empty with fewer than two shared events.
 */
export function comparePhases(options: {
  readonly athlete: Moments;
  readonly reference: Moments;
  readonly phases?: readonly ProfilePhase[] | undefined;
}): PhaseDifference[] {
  const { athlete, reference } = options;
  const shared = Object.keys(athlete.events)
    .filter((event) => reference.events[event] !== undefined)
    .sort((a, b) => timeOf(athlete, a) - timeOf(athlete, b));
  const [first, last] = [shared[0], shared.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const between = shared.slice(1).map((to, i): ProfilePhase => {
    const from = shared[i] as string;
    return { id: `${from}-${to}`, label: `${from} to ${to}`, from, to };
  });
  return (options.phases ?? between).flatMap(({ id, label, from, to }) => {
    if (!(shared.includes(from) && shared.includes(to))) return [];
    const [own, other] = [athlete, reference].map((one) => shareOf(one, { from, to, first, last })) as [Part, Part];
    if (!(own.seconds > 0 && other.seconds > 0)) return [];
    const shareDifference = own.share - other.share;
    const half = Math.hypot(own.half, other.half);
    return [
      {
        ...{ id, label, athleteSeconds: own.seconds, referenceSeconds: other.seconds },
        ...{ athleteShare: own.share, referenceShare: other.share, shareDifference },
        interval: [shareDifference - half, shareDifference + half] as const,
        isDifference: Math.abs(shareDifference) > half,
      },
    ];
  });
}

interface Part {
  readonly seconds: number;
  readonly share: number;
  /** Of the share's interval. */
  readonly half: number;
}

function shareOf(
  { events }: Moments,
  { from, to, first, last }: Readonly<Record<'from' | 'to' | 'first' | 'last', string>>,
): Part {
  const at = (event: string): TimedEvent => events[event] as TimedEvent;
  const whole = at(last).timeSeconds - at(first).timeSeconds;
  const seconds = at(to).timeSeconds - at(from).timeSeconds;
  const share = seconds / whole;
  // By how much the share grows with each of the four moments, which may be the same one twice.
  const slopes = new Map<string, number>();
  const add = (event: string, slope: number): void => void slopes.set(event, (slopes.get(event) ?? 0) + slope);
  add(to, 1 / whole);
  add(from, -1 / whole);
  add(last, -share / whole);
  add(first, share / whole);
  const half = Math.hypot(...[...slopes].map(([event, slope]) => slope * at(event).uncertaintySeconds));
  return { seconds, share, half };
}

function timeOf({ events }: Moments, event: string): number {
  return events[event]?.timeSeconds ?? Number.NaN;
}
