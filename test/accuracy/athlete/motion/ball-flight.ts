import { heldBall } from '../body/ball.ts';
import type { Rig } from '../body/rig.ts';
import type { StandingBody } from '../body/stand.ts';
import {
  add,
  mirror,
  normalize,
  type Placement,
  place,
  rotationAbout,
  scale,
  subtract,
  type Vector3,
} from '../vector.ts';
import { referenceHeightMetres } from './pitch-keys.ts';

const pitchSpeed = 37.5;
const gravity = 9.81;
/** Middle of the strike zone over home plate, against the level of the rubber. */
const strikeZone: Vector3 = [18.0, 0, 0.5];

/** The ball in the right hand. */
export function ballInHand(rig: Rig, body: StandingBody): Placement {
  const size = rig.lengths.height / referenceHeightMetres;
  const rest = add(rig.right.wrist, scale(mirror(heldBall), size));
  const hand = body.bones['right-hand'];
  return { origin: place(hand, rest), rotation: hand.rotation };
}

/** The ball after it left the hand. Air drag is left out: it is on view for less than a tenth of a second. */
export function ballInFlight(atRelease: Placement, secondsSinceRelease: number): Placement {
  const t = secondsSinceRelease;
  const way = subtract(strikeZone, atRelease.origin);
  const flightSeconds = Math.hypot(...way) / pitchSpeed;
  const lift: Vector3 = [0, 0, (gravity * flightSeconds) / 2];
  const velocity = add(scale(normalize(way), pitchSpeed), lift);
  const fall: Vector3 = [0, 0, (-gravity * t * t) / 2];
  const spun = rotationAbout([0, -1, 0], 360 * 35 * t);
  return { origin: add(add(atRelease.origin, scale(velocity, t)), fall), rotation: spun };
}
