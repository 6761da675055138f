/** Where flags stand on a lane, so that none covers another. CSS pixels. */

export interface PlannedFlag {
  /** Where its pole stands. */
  readonly pole: number;
  /** Of the words alone. */
  readonly labelWidth: number;
}

export interface PlacedFlag {
  readonly pole: number;
  /** Left edge and width of what is at the pole's top. */
  readonly left: number;
  readonly width: number;
  /** Whether there is room for the words beside the number. */
  readonly isLabelled: boolean;
}

/** A number alone; space between a number and its words, and after them. */
export const numberWidth = 18;
const labelPadding = 10;
const gap = 2;

/**
 * Flags in the order of time. Each stands at its pole, moved aside only as far as its neighbours press; words are shown
 * where they fit before the next flag or, where they do not, after the one before.
 */
export function placeFlags(flags: readonly PlannedFlag[], laneWidth: number): readonly PlacedFlag[] {
  const lefts = pushApart(
    flags.map(({ pole }) => pole),
    laneWidth,
  );
  let end = -gap;
  return flags.map(({ pole, labelWidth }, i) => {
    const left = lefts[i] ?? 0;
    const wanted = numberWidth + labelWidth + labelPadding;
    const fitsAhead = left + wanted + gap <= (lefts[i + 1] ?? laneWidth + gap);
    const fitsBehind = end + gap + wanted <= left + numberWidth;
    const isLabelled = fitsAhead || fitsBehind;
    const width = isLabelled ? wanted : numberWidth;
    const placed = { pole, left: fitsAhead || !fitsBehind ? left : left + numberWidth - wanted, width, isLabelled };
    end = placed.left + width;
    return placed;
  });
}

/**
 * Left edges of numbers that would stand at their poles: overlapping ones become blocks whose middle lies on the middle of
 * their poles.
 */
function pushApart(poles: readonly number[], laneWidth: number): readonly number[] {
  const step = numberWidth + gap;
  const blocks: { start: number; count: number; wanted: number }[] = [];
  for (const pole of poles) {
    let block = { start: pole, count: 1, wanted: pole };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      if (before.start + before.count * step <= block.start) break;
      blocks.pop();
      // Wanted: the mean of where each member would have the block begin.
      const count = before.count + block.count;
      const wanted = (before.wanted * before.count + (block.wanted - before.count * step) * block.count) / count;
      block = { start: wanted, count, wanted };
    }
    blocks.push(block);
  }
  let least = 0;
  const starts = blocks.map(({ start, count }) => {
    const placed = Math.max(least, start);
    least = placed + count * step;
    return placed;
  });
  let most = laneWidth + gap;
  for (let i = blocks.length - 1; i >= 0; i--) {
    const { count } = blocks[i] as { count: number };
    starts[i] = Math.max(0, Math.min(starts[i] as number, most - count * step));
    most = starts[i] as number;
  }
  return blocks.flatMap(({ count }, i) => Array.from({ length: count }, (_, k) => (starts[i] as number) + k * step));
}

/** Pixels along the lane, for a time. */
export function laneX(timeSeconds: number, lane: { readonly width: number; readonly lastSeconds: number }): number {
  return lane.lastSeconds > 0 ? (timeSeconds / lane.lastSeconds) * lane.width : 0;
}
