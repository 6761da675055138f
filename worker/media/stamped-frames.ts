import { type FfmpegExit, startFfmpeg } from './ffmpeg-process.ts';
import { isDamageLine, parseFrameStamp, parseTimeBase, type TimeBase } from './parse-showinfo.ts';
import { openRecordChannel } from './record-channel.ts';
import { ringSlots } from './record-ring.ts';

export interface StampedFrame {
  /** Presentation stamp in the stream's time base; NaN for a frame without one. */
  readonly stamp: number;
  /** The frame's bytes: the reader's until it asks for the next frame but one. */
  readonly data: Uint8Array;
}

export interface StampedFrames {
  readonly frames: AsyncGenerator<StampedFrame, void, void>;
  /** Known as soon as the first frame has come. */
  readonly timeBase: () => TimeBase | undefined;
  /** How many lines told of damage, so far. */
  readonly errorCount: () => number;
  readonly exit: Promise<FfmpegExit>;
}

/**
 * Runs ffmpeg for raw frames on standard output whose filter chain ends in `showinfo`, and joins each frame with its
 * stamp. Standard output and standard error arrive separately, so a frame waits for its line. Leaving the loop ends
 * the process.
 */
export async function startStampedFrames(
  start: {
    readonly ffmpegPath: string;
    readonly arguments: readonly string[];
    readonly frameBytes: number;
    readonly silenceLimitMilliseconds?: number;
    /** There is work left after the last frame (files to finish): wait for the process instead of ending it. */
    readonly endsItself?: boolean;
  },
  signal: AbortSignal,
): Promise<StampedFrames> {
  const stamps = new StampQueue();
  let timeBase: TimeBase | undefined;
  let errors = 0;
  const { frameBytes, endsItself = false, ...rest } = start;
  const channel = await openRecordChannel({ recordBytes: frameBytes, slots: ringSlots(frameBytes) });
  const ffmpeg = startFfmpeg({
    ...rest,
    writeEnd: channel.writeEnd,
    signal,
    onLine: (line) => {
      const stamp = parseFrameStamp(line);
      if (stamp !== undefined) stamps.push(stamp);
      else if (isDamageLine(line)) errors++;
      else timeBase ??= parseTimeBase(line);
    },
  });
  const exit = ffmpeg.exit.then((ended) => {
    stamps.close();
    return ended;
  });
  const records = channel.read(ffmpeg.output);
  async function* frames(): AsyncGenerator<StampedFrame, void, void> {
    let complete = false;
    try {
      for await (const data of records) {
        const stamp = await stamps.next();
        if (stamp === undefined || signal.aborted) return;
        yield { stamp, data };
      }
      complete = true;
    } finally {
      if (!(complete && endsItself)) ffmpeg.stop();
      await exit;
    }
  }
  return { frames: frames(), timeBase: () => timeBase, errorCount: () => errors, exit };
}

/** First in, first out; `next` waits until there is a stamp or no more can come. */
class StampQueue {
  #stamps: number[] = [];
  #first = 0;
  #closed = false;
  #wake: () => void = () => undefined;

  push(stamp: number): void {
    this.#stamps.push(stamp);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  async next(): Promise<number | undefined> {
    while (this.#first === this.#stamps.length) {
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const stamp = this.#stamps[this.#first];
    this.#first++;
    if (this.#first === 1024) {
      this.#stamps = this.#stamps.slice(this.#first);
      this.#first = 0;
    }
    return stamp;
  }
}
