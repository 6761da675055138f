import type { Vector3 } from '../vector.ts';

/** Radius of a baseball, metres (23 cm round). */
export const ballRadius = 0.0366;

/** Middle of the held ball from the wrist, left hand at rest, metres for the model height. */
export const heldBall: Vector3 = [0.05, 0.132, 0.006];
