/** Which clips accuracy is measured on, as data. */
import { castFor } from './athlete/film/cast.ts';
import { hasLaboratory, laboratoryPitches } from './athlete/laboratory/laboratory-data.ts';
import { type CameraRecipe, type ClipRecipe, type MotionRecipe, type PictureRecipe, views } from './clip-recipe.ts';

export const setNames = ['small', 'full', 'laboratory'] as const;
export type SetName = (typeof setNames)[number];

export function clipsOfSet(name: SetName): readonly ClipRecipe[] {
  return sets[name]();
}

const sets: Readonly<Record<SetName, () => readonly ClipRecipe[]>> = {
  small: smallSet,
  full: () => [...pitches(), ...slowMotions(), ...oddities()],
  laboratory: laboratorySet,
};

/** Seconds before and after the release: about a hundred frames of each rate, with the delivery in all of them. */
const filmed: Readonly<Record<number, readonly [number, number]>> = {
  30: [1.6, 0.9],
  60: [1, 0.6],
  120: [0.55, 0.35],
  240: [0.3, 0.15],
};
const rates = [30, 60, 120, 240] as const;
const sizes = [0.2, 0.35, 0.6, 0.85] as const;

interface Shot {
  readonly name: string;
  readonly seed: number;
  readonly hand: 'left' | 'right';
  readonly motion: MotionRecipe;
  readonly camera: Omit<CameraRecipe, 'seed' | 'exposureSeconds' | 'support' | 'heightMetres'> & Partial<CameraRecipe>;
  readonly picture?: Partial<PictureRecipe>;
  /** Seconds before and after the release, or after the start of a motion that has none. */
  readonly window: readonly [before: number, after: number];
}

function clip({ name, seed, hand, motion, camera, picture, window }: Shot): ClipRecipe {
  const recipe: ClipRecipe = {
    name,
    athlete: { seed, hand },
    motion,
    camera: {
      // The shutter of a phone in daylight, and never longer than half a frame.
      exposureSeconds: Math.min(1 / 500, 0.5 / camera.framesPerSecond),
      heightMetres: 1.3,
      support: 'tripod',
      seed,
      ...camera,
    },
    picture: { place: 'ballpark', noise: 2, compression: 21, ...picture },
  };
  const { events, durationSeconds } = castFor(recipe).performance;
  const release = events.ballRelease ?? window[0];
  const fromSeconds = Math.max(0, rounded(release - window[0]));
  return { ...recipe, fromSeconds, toSeconds: rounded(Math.min(durationSeconds, release + window[1])) };
}

/**
 * Every view with every rate, twice: sizes go round so that each view and each rate meets all four, and the second
 * round has another athlete, the other hand and the size two steps on. 48 clips instead of 384.
 */
function pitches(): ClipRecipe[] {
  return [0, 1].flatMap((round) =>
    views.flatMap((view, v) =>
      rates.map((framesPerSecond, r) => {
        const hand = (v + r + round) % 3 === 0 ? 'left' : 'right';
        const athleteHeightFraction = sizes[(v + r + 2 * round) % sizes.length] ?? 0.6;
        return clip({
          name: `pitch-${view}-${framesPerSecond}-${round + 1}`,
          seed: 100 + 24 * round + 4 * v + r,
          hand,
          motion: { kind: 'pitch' },
          camera: {
            view,
            width: 1280,
            height: 720,
            framesPerSecond,
            athleteHeightFraction,
            heightMetres: [1.1, 1.6, 2.4][(v + 2 * r + round) % 3] ?? 1.3,
          },
          window: filmed[framesPerSecond] ?? [1, 0.6],
        });
      }),
    ),
  );
}

/** Squats and throws from where coaches film them. */
function slowMotions(): ClipRecipe[] {
  const portrait = { width: 720, height: 1280, framesPerSecond: 30 };
  return [
    ...(['side', 'front', 'quarter-front', 'rear'] as const).map((view, index) =>
      clip({
        name: `squat-${view}`,
        seed: 200 + index,
        hand: 'right',
        motion: { kind: 'squat' },
        camera: { ...portrait, view, athleteHeightFraction: 0.6 },
        picture: { place: 'gym' },
        window: [0, 3],
      }),
    ),
    ...(['side', 'side-far', 'front', 'quarter-rear'] as const).map((view, index) =>
      clip({
        name: `throw-${view}`,
        seed: 210 + index,
        hand: index % 2 === 0 ? 'right' : 'left',
        motion: { kind: 'throw' },
        camera: { view, width: 1280, height: 720, framesPerSecond: 60, athleteHeightFraction: 0.6 },
        window: [0.9, 0.5],
      }),
    ),
  ];
}

/** What goes wrong with cameras, one thing at a time, from the two views that are filmed most. */
function oddities(): ClipRecipe[] {
  const troubles: Readonly<Record<string, { camera?: Partial<CameraRecipe>; picture?: Partial<PictureRecipe> }>> = {
    portrait: { camera: { width: 720, height: 1280, athleteHeightFraction: 0.35 } },
    noise: { picture: { noise: 12 } },
    compressed: { picture: { compression: 34 } },
    'hand-held': { camera: { support: 'hand-held' } },
    panned: { camera: { support: 'panned' } },
    blur: { camera: { exposureSeconds: 1 / 125 } },
    gym: { picture: { place: 'gym' } },
  };
  return Object.entries(troubles).flatMap(([trouble, { camera, picture }], index) =>
    (['side', 'rear'] as const).map((view, at) =>
      clip({
        name: `${trouble}-${view}`,
        seed: 300 + 2 * index + at,
        hand: index % 3 === 1 ? 'left' : 'right',
        motion: { kind: 'pitch' },
        camera: { view, width: 1280, height: 720, framesPerSecond: 60, athleteHeightFraction: 0.6, ...camera },
        ...(picture ? { picture } : {}),
        window: [0.8, 0.4],
      }),
    ),
  );
}

/** Four short clips of small pictures, for every run of the tests. */
function smallSet(): ClipRecipe[] {
  const pitch = { motion: { kind: 'pitch' } } as const;
  const small = { width: 480, height: 270, athleteHeightFraction: 0.75 };
  return [
    clip({
      ...pitch,
      name: 'small-side',
      seed: 1,
      hand: 'right',
      camera: { ...small, view: 'side', framesPerSecond: 120 },
      window: [0.22, 0.1],
    }),
    clip({
      ...pitch,
      name: 'small-front',
      seed: 2,
      hand: 'right',
      camera: { ...small, view: 'front', framesPerSecond: 60 },
      window: [0.4, 0.2],
    }),
    clip({
      ...pitch,
      name: 'small-quarter-rear',
      seed: 3,
      hand: 'left',
      camera: { ...small, view: 'quarter-rear', framesPerSecond: 60 },
      window: [0.4, 0.2],
    }),
    clip({
      name: 'small-squat',
      seed: 4,
      hand: 'right',
      motion: { kind: 'squat' },
      camera: { view: 'side', width: 270, height: 480, framesPerSecond: 30, athleteHeightFraction: 0.6 },
      picture: { place: 'gym' },
      window: [0, 1.2],
    }),
  ];
}

/** Every pitch of the laboratory from every view, sizes and rates going round. Throws where its data are not. */
function laboratorySet(): ClipRecipe[] {
  if (!hasLaboratory())
    throw new Error('The laboratory’s pitches are not on this machine: ../shared/clips/openbiomechanics');
  return laboratoryPitches().flatMap((pitch, p) =>
    views.map((view, v) => {
      const framesPerSecond = rates[1 + ((v + p) % 3)] ?? 120;
      return clip({
        name: `laboratory-${pitch}-${view}`,
        seed: 400 + p,
        hand: 'right',
        motion: { kind: 'laboratory', pitch },
        camera: {
          view,
          width: 1280,
          height: 720,
          framesPerSecond,
          athleteHeightFraction: sizes[1 + ((v + p) % 3)] ?? 0.6,
        },
        window: filmed[framesPerSecond] ?? [1, 0.6],
      });
    }),
  );
}

/** To the millisecond: the recipe is part of a clip's identity. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
