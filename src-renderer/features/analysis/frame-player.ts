/** A video element driven by frames. What it reports as shown has been put on screen by the browser. */
import { clampFrame, frameAt, seekTimeOf, typicalIntervalSeconds } from './frame-search.ts';
import type { LoopRange } from './shuttle.ts';

export interface FramePlayerEvents {
  /**
   * A frame is there: paint this very picture, with all that belongs to it, before returning. The browser's own video
   * runs beside the page and may already be a frame further.
   */
  shown(frame: number, picture: CanvasImageSource): void;
  /** Rate now running: 0 stands still, negative goes backwards. */
  rate(rate: number): void;
  failed(): void;
}

/** Players cannot go slower or faster than this. */
const leastRate = 0.0625;

export class FramePlayer {
  readonly #video: HTMLVideoElement;
  readonly #times: readonly number[];
  readonly #events: FramePlayerEvents;
  readonly #lastInterval: number;
  readonly #listeners = new AbortController();
  #shown: number | undefined;
  /** Frame being fetched by a seek that the browser has not yet shown. */
  #seeking: number | undefined;
  /** Frame asked for while a seek was under way: only the latest counts. */
  #wanted: number | undefined;
  #rate = 0;
  #reverse: { readonly startedAt: number; readonly fromSeconds: number } | undefined;
  #loop: LoopRange | undefined;

  constructor(video: HTMLVideoElement, timesSeconds: readonly number[], events: FramePlayerEvents) {
    this.#video = video;
    this.#times = timesSeconds;
    this.#events = events;
    this.#lastInterval = typicalIntervalSeconds(timesSeconds);
    const { signal } = this.#listeners;
    video.addEventListener('ended', () => this.#reachedEnd(), { signal });
    video.addEventListener('seeked', () => this.#seeked(), { signal });
    video.addEventListener('error', () => events.failed(), { signal });
    video.addEventListener('loadedmetadata', () => this.#begin(), { signal });
    if (this.#isLoaded()) this.#begin();
    this.#watchFrames();
  }

  dispose(): void {
    this.#listeners.abort();
    this.#reverse = undefined;
    this.#video.pause();
  }

  /** Shows a frame as soon as the browser can. Held keys and fast drags coalesce to the latest wish. */
  seek(frame: number): void {
    const wanted = clampFrame(frame, this.#times.length);
    if (this.#seeking !== undefined || !this.#isLoaded()) {
      this.#wanted = wanted === this.#seeking ? undefined : wanted;
      return;
    }
    if (wanted === this.#shown && this.#rate === 0) return;
    this.#seeking = wanted;
    this.#video.currentTime = seekTimeOf(this.#times, wanted, this.#lastInterval);
  }

  /** Moves on from the frame last asked for. `repeat`: the key is held; then a step waits until the last was shown. */
  step(frames: number, repeat: boolean): void {
    this.stop();
    if (repeat && this.#seeking !== undefined) return;
    this.seek((this.#wanted ?? this.#seeking ?? this.#shown ?? 0) + frames);
  }

  setLoop(loop: LoopRange | undefined): void {
    this.#loop = loop;
  }

  /** Runs at a rate; 0 stops; negative goes backwards, frame by frame, because browsers cannot. */
  run(rate: number): void {
    if (rate === 0) {
      this.stop();
      return;
    }
    const { first, last } = this.#bounds();
    const shown = this.#shown ?? 0;
    this.#setRate(rate);
    if (rate < 0) {
      this.#video.pause();
      // From the frame on its way, or a change of speed would show a frame forward.
      const from = this.#wanted ?? this.#seeking ?? shown;
      if (from <= first) this.seek(last);
      this.#startReverse(from <= first ? last : from);
      return;
    }
    this.#reverse = undefined;
    if (shown >= last || shown < first) this.seek(first);
    this.#video.playbackRate = Math.max(leastRate, rate);
    if (this.#seeking === undefined) this.#play();
  }

  #play(): void {
    this.#video.play().catch((error: unknown) => {
      // Pausing at once interrupts a play that has not begun: that is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.#setRate(0);
    });
  }

  stop(): void {
    if (this.#rate === 0) return;
    this.#reverse = undefined;
    this.#video.pause();
    this.#setRate(0);
  }

  #isLoaded(): boolean {
    return this.#video.readyState >= HTMLMediaElement.HAVE_METADATA;
  }

  /** Shows the first frame, or whichever was asked for while the video was being opened. */
  #begin(): void {
    const wanted = this.#wanted ?? this.#shown ?? 0;
    this.#wanted = undefined;
    this.#seeking = undefined;
    this.seek(wanted);
  }

  #setRate(rate: number): void {
    if (rate === this.#rate) return;
    this.#rate = rate;
    this.#events.rate(rate);
  }

  #bounds(): { first: number; last: number } {
    return { first: this.#loop?.firstFrame ?? 0, last: this.#loop?.lastFrame ?? this.#times.length - 1 };
  }

  #watchFrames(): void {
    this.#video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (this.#listeners.signal.aborted) return;
      const picture = grab(this.#video);
      const timeSeconds = picture === undefined ? mediaTime : picture.timestamp / 1e6;
      this.#show(frameAt(this.#times, timeSeconds), picture ?? this.#video);
      picture?.close();
      this.#watchFrames();
    });
  }

  #show(frame: number, picture: CanvasImageSource): void {
    this.#shown = frame;
    this.#events.shown(frame, picture);
    if (this.#seeking === frame) this.#settle();
    const loop = this.#loop;
    if (loop !== undefined && this.#rate > 0 && this.#seeking === undefined && frame >= loop.lastFrame) {
      this.#wrap(loop.firstFrame);
    }
  }

  /** A seek ended. When it landed on the frame already shown, no new frame comes to confirm it. */
  #seeked(): void {
    const sought = this.#seeking;
    if (sought === undefined) return;
    if (sought === this.#shown) {
      this.#settle();
      return;
    }
    // The frame is painted after this event; a browser that drops it must not block further steps.
    setTimeout(() => {
      if (this.#seeking === sought && !this.#video.seeking && !this.#listeners.signal.aborted) this.#settle();
    }, 250);
  }

  #settle(): void {
    const wanted = this.#wanted;
    this.#seeking = undefined;
    this.#wanted = undefined;
    if (wanted !== undefined) this.seek(wanted);
    else if (this.#rate > 0 && this.#video.paused) this.#play();
  }

  #reachedEnd(): void {
    if (this.#loop === undefined || this.#rate <= 0) {
      this.#setRate(0);
      return;
    }
    this.#wrap(this.#loop.firstFrame);
  }

  /** Back to the start of the loop; the video waits meanwhile, so that it does not run on past the loop's end. */
  #wrap(firstFrame: number): void {
    this.#video.pause();
    this.seek(firstFrame);
  }

  #startReverse(fromFrame: number): void {
    const run = { startedAt: performance.now(), fromSeconds: this.#times[fromFrame] ?? 0 };
    this.#reverse = run;
    const tick = (now: number): void => {
      if (this.#reverse !== run || this.#listeners.signal.aborted) return;
      const { first, last } = this.#bounds();
      const timeSeconds = run.fromSeconds + (this.#rate * (now - run.startedAt)) / 1000;
      const frame = frameAt(this.#times, timeSeconds);
      if (timeSeconds <= (this.#times[first] ?? 0)) {
        if (this.#loop === undefined) {
          this.seek(first);
          this.stop();
          return;
        }
        this.seek(last);
        this.#startReverse(last);
        return;
      }
      if (frame !== this.#shown) this.seek(frame);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
}

/** The picture that the video holds now, with its own time; undefined where the browser does not hand it out. */
function grab(video: HTMLVideoElement): VideoFrame | undefined {
  try {
    return new VideoFrame(video);
  } catch {
    return undefined;
  }
}
