/** Who is filmed: body, colours and clothes, drawn from a seed. */

import { createRandom } from '../../../../worker/biomechanics/random.ts';
import { type BodyParameters, sharesOfHeight } from '../body/anthropometry.ts';
import type { Outfit } from '../body/athlete-parts.ts';
import { type BodySide, createRig, type Rig } from '../body/rig.ts';
import type { Palette } from '../scene/scene.ts';
import { scale, type Vector3 } from '../vector.ts';

export interface Character {
  readonly rig: Rig;
  readonly palette: Palette;
  readonly outfit: Outfit;
}

/** Linear RGB, from light to dark. */
const skins: readonly Vector3[] = [
  [0.62, 0.41, 0.31],
  [0.56, 0.35, 0.25],
  [0.52, 0.3, 0.205],
  [0.4, 0.23, 0.145],
  [0.26, 0.14, 0.085],
  [0.14, 0.075, 0.047],
  [0.085, 0.047, 0.032],
];

const hairs: readonly Vector3[] = [
  [0.02, 0.014, 0.011],
  [0.05, 0.028, 0.017],
  [0.11, 0.058, 0.028],
  [0.3, 0.18, 0.075],
  [0.2, 0.07, 0.025],
];

/** Team colour and trim. */
const teams: readonly (readonly [Vector3, Vector3])[] = [
  [
    [0.022, 0.05, 0.16],
    [0.5, 0.03, 0.04],
  ],
  [
    [0.32, 0.02, 0.03],
    [0.02, 0.02, 0.025],
  ],
  [
    [0.02, 0.14, 0.06],
    [0.6, 0.42, 0.05],
  ],
  [
    [0.025, 0.025, 0.03],
    [0.65, 0.25, 0.03],
  ],
  [
    [0.03, 0.16, 0.42],
    [0.7, 0.7, 0.68],
  ],
  [
    [0.12, 0.03, 0.2],
    [0.6, 0.5, 0.1],
  ],
];

/** White, grey, cream, black, navy. */
const cloths: readonly Vector3[] = [
  [0.74, 0.735, 0.72],
  [0.36, 0.365, 0.38],
  [0.66, 0.6, 0.46],
  [0.035, 0.036, 0.042],
  [0.03, 0.05, 0.12],
];

export interface CharacterRequest {
  readonly seed: number;
  /** The other hand wears a glove. */
  readonly throwingHand?: BodySide;
}

export function drawCharacter({ seed, throwingHand }: CharacterRequest): Character {
  const random = createRandom(seed * 2654435 + 17);
  const pick = <Choice>(choices: readonly Choice[]): Choice => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new RangeError('Nothing to choose from');
    return choice;
  };
  const bell = (): number => random() + random() + random() + random() - 2;
  const height = Math.max(1.65, Math.min(2, 1.83 + 0.11 * bell()));
  const build = Math.max(0.9, Math.min(1.14, 1.01 + 0.075 * bell()));
  const skin = scale(pick(skins), 0.92 + 0.16 * random());
  const dark = skin[0] < 0.2;
  const [team, trim] = pick(teams);
  return {
    rig: createRig({ heightMetres: height, build, shares: drawShares(bell) }),
    palette: { skin, hair: dark ? (hairs[0] ?? skin) : pick(hairs), team, trim, cloth: pick(cloths) },
    outfit: { ...(throwingHand ? { throwingHand } : {}), cap: throwingHand !== undefined || random() < 0.4 },
  };
}

/**
 * Segments differ between men of one height by about 3 % of their length: the part of the spreads of the ANSUR II survey
 * (Gordon et al. 2014) that does not go with stature, rounded; from memory, unverified.
 */
function drawShares(bell: () => number): NonNullable<BodyParameters['shares']> {
  const about = (name: keyof typeof sharesOfHeight, deviation: number): number =>
    sharesOfHeight[name] * (1 + deviation * Math.sqrt(3) * bell());
  return {
    upperArm: about('upperArm', 0.03),
    forearm: about('forearm', 0.03),
    thigh: about('thigh', 0.02),
    shank: about('shank', 0.02),
    hipHalfSpacing: about('hipHalfSpacing', 0.04),
    shoulderHalfSpacing: about('shoulderHalfSpacing', 0.035),
  };
}
