import { createStore } from 'zustand/vanilla';
import { FramePlayer } from './frame-player.ts';
import { type LoopRange, nextShuttleRate, type ShuttleKey, withLoopPoint } from './shuttle.ts';

export interface PlaybackSource {
  readonly video: HTMLVideoElement;
  /** Presentation time of each frame. */
  readonly timesSeconds: readonly number[];
  /** Puts a picture on screen; `shownFrame` changes right after, in the same rendering step. */
  readonly paint: (picture: CanvasImageSource) => void;
}

export interface PlaybackState {
  /** The frame on screen; undefined until the browser has shown one. Everything in step follows it. */
  readonly shownFrame: number | undefined;
  readonly frameCount: number;
  readonly timesSeconds: readonly number[];
  /** Rate now running: 0 stands still, negative goes backwards. */
  readonly rate: number;
  /** Rate that play starts with. */
  readonly speed: number;
  readonly loop: LoopRange | undefined;
  readonly broken: boolean;
  /** Takes hold of a video element. Returns what lets go of it. */
  attach(source: PlaybackSource): () => void;
  seek(frame: number): void;
  step(frames: number, repeat?: boolean): void;
  togglePlay(): void;
  shuttle(key: ShuttleKey): void;
  setSpeed(speed: number): void;
  setLoopPoint(end: 'first' | 'last'): void;
  toggleLoop(): void;
}

const still = { shownFrame: undefined, frameCount: 0, timesSeconds: [], rate: 0, loop: undefined, broken: false };

export function createPlaybackStore() {
  let player: FramePlayer | undefined;
  return createStore<PlaybackState>()((set, get) => {
    const loopOver = (loop: LoopRange | undefined) => {
      player?.setLoop(loop);
      set({ loop });
    };
    return {
      ...still,
      speed: 1,
      attach: ({ video, timesSeconds, paint }) => {
        set({ ...still, timesSeconds, frameCount: timesSeconds.length });
        const attached = new FramePlayer(video, timesSeconds, {
          shown: (shownFrame, picture) => {
            paint(picture);
            set({ shownFrame });
          },
          rate: (rate) => set({ rate }),
          failed: () => set({ broken: true }),
        });
        player = attached;
        return () => {
          attached.dispose();
          if (player !== attached) return;
          player = undefined;
          set(still);
        };
      },
      seek: (frame) => player?.seek(frame),
      step: (frames, repeat = false) => player?.step(frames, repeat),
      togglePlay: () => player?.run(get().rate === 0 ? get().speed : 0),
      shuttle: (key) => player?.run(nextShuttleRate(get().rate, key, get().speed)),
      setSpeed: (speed) => {
        set({ speed });
        if (get().rate !== 0) player?.run(get().rate < 0 ? -speed : speed);
      },
      setLoopPoint: (end) => {
        const { shownFrame, frameCount, loop } = get();
        if (shownFrame !== undefined) loopOver(withLoopPoint(loop, { end, frame: shownFrame, frameCount }));
      },
      toggleLoop: () => loopOver(get().loop ? undefined : { firstFrame: 0, lastFrame: get().frameCount - 1 }),
    };
  });
}
