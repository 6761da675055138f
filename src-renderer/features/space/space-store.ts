import { createStore } from 'zustand/vanilla';

/** What the stage shows: the film, the body in space, or both beside each other. */
export const stageModes = ['video', 'space', 'both'] as const;
export type StageMode = (typeof stageModes)[number];

export const cameraPresets = ['filmed', 'side', 'front', 'back', 'top'] as const;
export type CameraPreset = (typeof cameraPresets)[number];

export interface SpaceState {
  readonly mode: StageMode;
  /** Where the eye was last sent; undefined once a hand has moved it. */
  readonly preset: CameraPreset | undefined;
  /** Rises with every wish to look from a preset, so that the same can be asked for again. */
  readonly looks: number;
  /** Whether the throwing wrist leaves its path behind. */
  readonly trailShown: boolean;
  setMode(mode: StageMode): void;
  cycleMode(): void;
  /** Does nothing while only the film is shown. */
  look(preset: CameraPreset): void;
  /** The next preset or, with -1, the one before. */
  lookOn(step: 1 | -1): void;
  lookFreely(): void;
  toggleTrail(): void;
}

export function createSpaceStore() {
  return createStore<SpaceState>()((set, get) => ({
    mode: 'video',
    preset: 'filmed',
    looks: 0,
    trailShown: true,
    setMode: (mode) => set({ mode }),
    cycleMode: () =>
      set(({ mode }) => ({ mode: stageModes[(stageModes.indexOf(mode) + 1) % stageModes.length] ?? mode })),
    look: (preset) => {
      if (get().mode !== 'video') set(({ looks }) => ({ preset, looks: looks + 1 }));
    },
    lookOn: (step) => {
      const { preset, look } = get();
      // Before the first when a hand has moved the eye: the next is then the first.
      const at = preset === undefined ? (step > 0 ? -1 : 0) : cameraPresets.indexOf(preset);
      const next = cameraPresets[(at + step + cameraPresets.length) % cameraPresets.length];
      if (next !== undefined) look(next);
    },
    lookFreely: () => {
      if (get().preset !== undefined) set({ preset: undefined });
    },
    toggleTrail: () => set(({ trailShown }) => ({ trailShown: !trailShown })),
  }));
}
