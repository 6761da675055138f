/** What a rendered clip is made of: plain data, so that its hash names the clip in the cache. */

export const views = ['side', 'side-far', 'front', 'rear', 'quarter-front', 'quarter-rear'] as const;
/**
 * Where the camera stands, by what it sees of a thrower: `side` the chest's side as the arm cocks (third base for a
 * right-hander), `side-far` the back, `front` from home plate, `rear` from second base, quarters between them.
 */
export type View = (typeof views)[number];

export interface AthleteRecipe {
  /** Everything that is not said here is drawn from it: build, segment lengths, skin, clothes, style of the motion. */
  readonly seed: number;
  readonly hand: 'left' | 'right';
}

export type MotionRecipe =
  | { readonly kind: 'pitch' | 'squat' | 'throw' }
  /** A pitch of the laboratory's, by the name of its session (`1031_2`): only where its data are. */
  | { readonly kind: 'laboratory'; readonly pitch: string };

export interface CameraRecipe {
  readonly view: View;
  /** Pixels; portrait where higher than wide. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly exposureSeconds: number;
  /** Height of the standing athlete in the picture over the picture's height, 0.15 to 0.9. */
  readonly athleteHeightFraction: number;
  /** Of the lens above the ground that the athlete starts from: in a ballpark the rubber. */
  readonly heightMetres: number;
  /** How the camera is held. */
  readonly support: 'tripod' | 'hand-held' | 'panned';
  readonly seed: number;
}

export interface PictureRecipe {
  readonly place: 'ballpark' | 'gym';
  /** Standard deviation of the sensor's noise, of 255. */
  readonly noise: number;
  /** x264's constant rate factor. */
  readonly compression: number;
}

export interface ClipRecipe {
  /** Unique in its set; goes into file names. */
  readonly name: string;
  readonly athlete: AthleteRecipe;
  readonly motion: MotionRecipe;
  readonly camera: CameraRecipe;
  readonly picture: PictureRecipe;
  /** The part of the motion that is filmed, seconds; all of it when absent. */
  readonly fromSeconds?: number;
  readonly toSeconds?: number;
}
