import type { ArmAngles, FootPlace, Posture } from '../motion/posture.ts';
import {
  add,
  chain,
  cross,
  dot,
  mirrorPlacement,
  mirrorRotation,
  normalize,
  type Placement,
  type Rotation,
  rotate,
  rotationAbout,
  rotationBetween,
  rotationFromAxes,
  scale,
  slerp,
  subtract,
  type Vector3,
} from '../vector.ts';
import {
  elbowBend,
  forearmTurn,
  leanRotation,
  legAxes,
  solveTwoBones,
  upperArmSwing,
  upperArmTwist,
  wristBend,
} from './limb-solver.ts';
import {
  type BodySide,
  type BoneName,
  mirrorJoints,
  type Rig,
  restLegSpreadDegrees,
  type SideBone,
  type SideJoints,
} from './rig.ts';

/**
 * The body in a posture. A bone's placement maps points of the body at rest to where they now are:
 * `place(bones[bone], restPoint)`.
 */
export interface StandingBody {
  readonly bones: Readonly<Record<BoneName, Placement>>;
  readonly left: SideJoints;
  readonly right: SideJoints;
}

/** The same body seen in a mirror: left is right. */
export function mirrorBody({ bones, left, right }: StandingBody): StandingBody {
  const swapped = Object.fromEntries(
    Object.entries(bones).map(([name, placement]) => [
      name.replace(/^left|^right/, (side) => (side === 'left' ? 'right' : 'left')),
      mirrorPlacement(placement),
    ]),
  );
  return { bones: swapped as Record<BoneName, Placement>, left: mirrorJoints(right), right: mirrorJoints(left) };
}

/** Puts the body into a posture: trunk and arms by angles, legs by inverse kinematics from the feet. */
export function stand(rig: Rig, posture: Posture): StandingBody {
  const pelvisRotation = leanRotation(posture.pelvis);
  const thoraxRotation = leanRotation(posture.thorax);
  const headRotation = leanRotation(posture.head);
  const lumbarRotation = slerp(pelvisRotation, thoraxRotation, 0.5);
  const neckRotation = slerp(thoraxRotation, headRotation, 0.5);

  const lumbarFromPelvis = add(posture.pelvisPosition, rotate(pelvisRotation, subtract(rig.lumbar, rig.pelvis)));
  const thoraxFromPelvis = add(lumbarFromPelvis, rotate(lumbarRotation, subtract(rig.thorax, rig.lumbar)));
  const stretch = spineStretch(rig, posture, thoraxFromPelvis, thoraxRotation);
  const lumbarAt = add(lumbarFromPelvis, scale(stretch, 0.5));
  const thoraxAt = add(thoraxFromPelvis, stretch);
  const neckAt = add(thoraxAt, rotate(thoraxRotation, subtract(rig.neck, rig.thorax)));
  const headAt = add(neckAt, rotate(neckRotation, subtract(rig.head, rig.neck)));

  const bones: Partial<Record<BoneName, Placement>> = {
    pelvis: from(rig.pelvis, posture.pelvisPosition, pelvisRotation),
    lumbar: from(rig.lumbar, lumbarAt, lumbarRotation),
    thorax: from(rig.thorax, thoraxAt, thoraxRotation),
    neck: from(rig.neck, neckAt, neckRotation),
    head: from(rig.head, headAt, headRotation),
  };
  const pelvis = from(rig.pelvis, posture.pelvisPosition, pelvisRotation);
  const thorax = from(rig.thorax, thoraxAt, thoraxRotation);
  const joints = (side: BodySide): SideJoints => {
    const angles = side === 'left' ? posture.leftArm : posture.rightArm;
    const arm = standArm(rig, side, thorax, { angles, shoulder: posture.shoulders?.[side] });
    const leg = standLeg(rig, side, pelvis, side === 'left' ? posture.leftFoot : posture.rightFoot);
    for (const [bone, placement] of [...arm.bones, ...leg.bones]) bones[`${side}-${bone}`] = placement;
    return { ...arm.joints, ...leg.joints };
  };
  const left = joints('left');
  const right = joints('right');
  return { bones: bones as Record<BoneName, Placement>, left, right };
}

/** What the spine gives so that the trunk reaches shoulders that are known. */
function spineStretch(rig: Rig, posture: Posture, thoraxAt: Vector3, thoraxRotation: Rotation): Vector3 {
  if (!posture.shoulders) return [0, 0, 0];
  const { left, right } = posture.shoulders;
  const restMiddle = scale(add(rig.left.shoulder, rig.right.shoulder), 0.5);
  const reached = add(thoraxAt, rotate(thoraxRotation, subtract(restMiddle, rig.thorax)));
  return subtract(scale(add(left, right), 0.5), reached);
}

type ArmJoints = Pick<SideJoints, 'clavicle' | 'shoulder' | 'elbow' | 'wrist'>;
type LegJoints = Pick<SideJoints, 'hip' | 'knee' | 'ankle' | 'ball'>;
interface Limb<Joints> {
  readonly joints: Joints;
  readonly bones: readonly (readonly [SideBone, Placement])[];
}

interface ArmRequest {
  readonly angles: ArmAngles;
  /** World position, where it is known. */
  readonly shoulder: Vector3 | undefined;
}

function standArm(
  rig: Rig,
  side: BodySide,
  thorax: Placement,
  { angles, shoulder: wanted }: ArmRequest,
): Limb<ArmJoints> {
  const rest = rig[side];
  const own = (rotation: Rotation): Rotation => (side === 'left' ? rotation : mirrorRotation(rotation));
  // The shoulder blade takes part: it sinks and rises with the arm, and swings back and forth with it.
  const rise = 0.14 * (angles.abduction - 70);
  const swing = 0.14 * angles.horizontalAbduction;
  const clavicleTurn = own(chain(rotationAbout([0, 0, 1], swing), rotationAbout([1, 0, 0], rise)));
  const clavicle = add(thorax.origin, rotate(thorax.rotation, rest.clavicle));
  const restClavicle = subtract(rest.shoulder, rest.clavicle);
  const clavicleRotation = wanted
    ? chain(rotationBetween(rotate(thorax.rotation, restClavicle), subtract(wanted, clavicle)), thorax.rotation)
    : chain(thorax.rotation, clavicleTurn);
  const shoulder = add(clavicle, rotate(clavicleRotation, restClavicle));

  const swung = chain(thorax.rotation, own(upperArmSwing(angles)));
  const upper = chain(swung, own(upperArmTwist(angles, 0.35)));
  const upperFull = chain(swung, own(upperArmTwist(angles)));
  const fore = chain(upperFull, own(elbowBend(angles)));
  const foreTurned = chain(fore, own(forearmTurn(angles)));
  const hand = chain(foreTurned, own(wristBend(angles)));
  const elbow = add(shoulder, rotate(swung, subtract(rest.elbow, rest.shoulder)));
  const wrist = add(elbow, rotate(fore, subtract(rest.wrist, rest.elbow)));
  return {
    joints: { clavicle, shoulder, elbow, wrist },
    bones: [
      ['clavicle', from(rest.clavicle, clavicle, clavicleRotation)],
      ['shoulderHalf', from(rest.shoulder, shoulder, slerp(clavicleRotation, upper, 0.5))],
      ['upperArm', from(rest.shoulder, shoulder, upper)],
      ['upperArmTwist', from(rest.shoulder, shoulder, upperFull)],
      ['elbowHalf', from(rest.elbow, elbow, chain(upperFull, own(elbowBend(angles, 0.5))))],
      ['forearm', from(rest.elbow, elbow, chain(fore, own(forearmTurn(angles, 0.15))))],
      ['forearmTwist', from(rest.elbow, elbow, chain(fore, own(forearmTurn(angles, 0.75))))],
      ['hand', from(rest.wrist, wrist, hand)],
    ],
  };
}

function standLeg(rig: Rig, side: BodySide, pelvis: Placement, foot: FootPlace): Limb<LegJoints> {
  const rest = rig[side];
  const heading = rotationAbout([0, 0, 1], foot.yaw);
  const footRotation = chain(heading, rotationAbout([0, 1, 0], foot.pitch));
  const hip = add(pelvis.origin, rotate(pelvis.rotation, rest.hip));
  const wanted = subtract(foot.ball, rotate(footRotation, subtract(rest.ball, rest.ankle)));
  const forward = foot.knee ?? add(rotate(pelvis.rotation, [1, 0, 0]), rotate(heading, [0.9, 0, 0]));
  const { middle: knee, end: ankle } = solveTwoBones({
    root: hip,
    target: wanted,
    firstLength: rig.lengths.thigh,
    secondLength: rig.lengths.shank,
    pole: forward,
  });
  const up = normalize(subtract(hip, ankle));
  const bend = normalize(subtract(forward, scale(up, dot(forward, up))));
  const hinge = cross(up, bend);
  const fromRest = rotationAbout([1, 0, 0], side === 'left' ? -restLegSpreadDegrees : restLegSpreadDegrees);
  const thigh = chain(rotationFromAxes(...legAxes(hip, knee, hinge)), fromRest);
  const shank = chain(rotationFromAxes(...legAxes(knee, ankle, hinge)), fromRest);
  const ball = add(ankle, rotate(footRotation, subtract(rest.ball, rest.ankle)));
  const toePitch = Math.max(foot.pitch - 62, Math.min(0, foot.pitch));
  return {
    joints: { hip, knee, ankle, ball },
    bones: [
      ['hipHalf', from(rest.hip, hip, slerp(pelvis.rotation, thigh, 0.5))],
      ['thigh', from(rest.hip, hip, thigh)],
      ['kneeHalf', from(rest.knee, knee, slerp(thigh, shank, 0.5))],
      ['shank', from(rest.knee, knee, shank)],
      ['foot', from(rest.ankle, ankle, footRotation)],
      ['toes', from(rest.ball, ball, chain(heading, rotationAbout([0, 1, 0], toePitch)))],
    ],
  };
}

/** The placement that turns rest points about `restAt` and carries that point to `now`. */
function from(restAt: Vector3, now: Vector3, rotation: Rotation): Placement {
  return { rotation, origin: subtract(now, rotate(rotation, restAt)) };
}
