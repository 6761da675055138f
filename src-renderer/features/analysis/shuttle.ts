/** The speeds a coach can choose; a tenth is what slow motion needs, double is for looking through. */
export const speeds = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2] as const;

export type ShuttleKey = 'J' | 'K' | 'L';

/** Shuttle rates: each further press in the same direction doubles, up to here. */
const fastestShuttle = 4;

/**
 * The rate after a press. Negative plays backwards, 0 stands still. The first press goes at `speed`; against the
 * running direction it turns round at once.
 */
export function nextShuttleRate(current: number, key: ShuttleKey, speed: number): number {
  if (key === 'K') return 0;
  const direction = key === 'L' ? 1 : -1;
  if (current * direction <= 0) return direction * speed;
  return direction * Math.min(Math.max(fastestShuttle, speed), Math.abs(current) * 2);
}

export interface LoopRange {
  readonly firstFrame: number;
  readonly lastFrame: number;
}

/** Sets one end of the loop at a frame; the other end stays, unless the order would be wrong: then it is let go. */
export function withLoopPoint(
  loop: LoopRange | undefined,
  point: { readonly end: 'first' | 'last'; readonly frame: number; readonly frameCount: number },
): LoopRange {
  const final = point.frameCount - 1;
  if (point.end === 'first') {
    const last = loop?.lastFrame ?? final;
    return { firstFrame: point.frame, lastFrame: last > point.frame ? last : final };
  }
  const first = loop?.firstFrame ?? 0;
  return { firstFrame: first < point.frame ? first : 0, lastFrame: point.frame };
}
