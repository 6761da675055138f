import type { Vector3 } from '../vector.ts';

/**
 * Turn from facing home plate, then lean: `yaw` about the vertical, left positive; `forward` towards where the part
 * faces; `left` to the athlete's own left. Degrees.
 */
export interface Lean {
  readonly yaw: number;
  readonly forward: number;
  readonly left: number;
}

/** Shoulder angles against the trunk, in the terms of the pitching literature. Degrees. */
export interface ArmAngles {
  /** 0: hanging beside the trunk; 90: straight out. */
  readonly abduction: number;
  /** Behind the plane of the trunk is positive. */
  readonly horizontalAbduction: number;
  /** At 90 abduction, elbow bent: 0 forearm points forward, 90 up, 180 back. */
  readonly externalRotation: number;
  readonly elbowFlexion: number;
  /** 0: thumb up when the bent forearm points forward; 90: palm down. */
  readonly pronation: number;
  /** Towards the palm. */
  readonly wristFlexion: number;
}

/** Where a foot stands. Degrees, metres. */
export interface FootPlace {
  /** World position of the base of the first toe. */
  readonly ball: Vector3;
  readonly yaw: number;
  /** Heel up is positive. */
  readonly pitch: number;
  /** World direction to which the knee bends; forward when absent. */
  readonly knee?: Vector3;
}

/** Everything that decides how the body stands at one moment. */
export interface Posture {
  /** World position of the middle between the hip joints. */
  readonly pelvisPosition: Vector3;
  readonly pelvis: Lean;
  readonly thorax: Lean;
  readonly head: Lean;
  readonly leftArm: ArmAngles;
  readonly rightArm: ArmAngles;
  readonly leftFoot: FootPlace;
  readonly rightFoot: FootPlace;
  /** World positions of the shoulder joints where they are known; the shoulder blades follow the arms otherwise. */
  readonly shoulders?: Readonly<Record<'left' | 'right', Vector3>>;
}
