/** Our athlete, moved so that his joints lie where a laboratory saw a pitcher's. */
import { sharesOfHeight } from '../body/anthropometry.ts';
import { leftArmAngles, rightArmAngles } from '../body/limb-solver.ts';
import { type BodySide, createRig, type Rig, sides } from '../body/rig.ts';
import { stand } from '../body/stand.ts';
import { groundHeight } from '../motion/mound.ts';
import type { ArmAngles, FootPlace, Lean, Posture } from '../motion/posture.ts';
import {
  add,
  cross,
  distance,
  dot,
  inverse,
  mix,
  normalize,
  type Rotation,
  radiansPerDegree,
  rotate,
  rotationAbout,
  rotationFromAxes,
  scale,
  subtract,
  type Vector3,
} from '../vector.ts';
import type { LaboratoryJoint, LaboratoryJoints, LaboratoryPitch } from './laboratory-data.ts';

type Centre = 'Shoulder' | 'Elbow' | 'Wrist' | 'Hip' | 'Knee' | 'Ankle';
/** Those that both bodies have: the laboratory's hip points lie on the outside of the pelvis, 33 cm apart. */
const compared = ['Shoulder', 'Elbow', 'Wrist', 'Knee', 'Ankle'] as const satisfies readonly Centre[];

/** Of the pitchers, metres: hip spacing hardly depends on it. */
const usualHeight = 1.9;

/** The body at its standing height with the segment lengths that the laboratory saw, both sides alike. */
export function laboratoryRig(pitch: LaboratoryPitch, build: number): Rig {
  const height = pitch.heightMetres;
  const share = (a: Centre, b: Centre): number => {
    const lengths = pitch.frames.flatMap((frame) =>
      sides.map((side) => distance(at(frame, side, a), at(frame, side, b))),
    );
    return middleValue(lengths) / height;
  };
  const across = (centre: Centre): number =>
    middleValue(pitch.frames.map((frame) => distance(at(frame, 'left', centre), at(frame, 'right', centre)))) /
    2 /
    height;
  const thigh = share('Hip', 'Knee');
  const shank = share('Knee', 'Ankle');
  return createRig({
    heightMetres: height,
    build,
    shares: {
      upperArm: share('Shoulder', 'Elbow'),
      forearm: share('Elbow', 'Wrist'),
      thigh,
      shank,
      ankleHeight: sharesOfHeight.ankleHeight,
      shoulderHalfSpacing: across('Shoulder'),
    },
  });
}

export interface LaboratoryMotion {
  readonly durationSeconds: number;
  readonly events: LaboratoryPitch['events'];
  posture(timeSeconds: number): Posture;
}

export function laboratoryMotion(rig: Rig, pitch: LaboratoryPitch): LaboratoryMotion {
  return {
    durationSeconds: pitch.times.at(-1) ?? 0,
    events: pitch.events,
    posture: (timeSeconds) => laboratoryPosture(rig, jointsAt(pitch, timeSeconds)),
  };
}

/** How far our joints are from the laboratory's, millimetres: mean and largest over joints and frames. */
export function laboratoryErrors(rig: Rig, pitch: LaboratoryPitch): { mean: number; largest: number } {
  const motion = laboratoryMotion(rig, pitch);
  const errors = pitch.times.flatMap((time, index) => {
    const body = stand(rig, motion.posture(time));
    const frame = pitch.frames[index];
    if (!frame) return [];
    return sides.flatMap((side) => {
      const { shoulder, elbow, wrist, knee, ankle } = body[side];
      return [shoulder, elbow, wrist, knee, ankle].map(
        (joint, which) => distance(joint, at(frame, side, compared[which] ?? 'Hip')) * 1000,
      );
    });
  });
  return { mean: errors.reduce((sum, error) => sum + error, 0) / errors.length, largest: Math.max(...errors) };
}

function at(frame: LaboratoryJoints, side: BodySide, centre: Centre): Vector3 {
  return centre === 'Hip' ? hipJoint(frame, side) : frame[`${side}${centre}`];
}

/** On the line between the laboratory's hip points, as far apart as hip joints are. */
function hipJoint({ leftHip, rightHip }: LaboratoryJoints, side: BodySide): Vector3 {
  const middle = scale(add(leftHip, rightHip), 0.5);
  const left = scale(normalize(subtract(leftHip, rightHip)), sharesOfHeight.hipHalfSpacing * usualHeight);
  return side === 'left' ? add(middle, left) : subtract(middle, left);
}

function jointsAt({ times, frames }: LaboratoryPitch, timeSeconds: number): LaboratoryJoints {
  const next = times.findIndex((time) => time > timeSeconds);
  const index = next < 0 ? times.length - 1 : Math.max(0, next - 1);
  const [a, b] = [frames[index], frames[Math.min(index + 1, frames.length - 1)]];
  if (!a || !b) throw new RangeError('A pitch without frames');
  const [from = 0, to = 0] = [times[index], times[index + 1]];
  const share = to > from ? Math.max(0, Math.min(1, (timeSeconds - from) / (to - from))) : 0;
  return Object.fromEntries(
    (Object.keys(a) as LaboratoryJoint[]).map((joint) => [joint, mix(a[joint], b[joint], share)]),
  ) as LaboratoryJoints;
}

function laboratoryPosture(rig: Rig, joints: LaboratoryJoints): Posture {
  const hips = scale(add(joints.leftHip, joints.rightHip), 0.5);
  const trunk = normalize(subtract(joints.thoraxHigh, joints.thoraxLow));
  // The pelvis's own tilt is not among the centres: it takes most of the lean of the trunk.
  const pelvis = axesFrom(subtract(joints.leftHip, joints.rightHip), mix([0, 0, 1], trunk, 0.6));
  const thorax = axesFrom(subtract(joints.thoraxHigh, joints.thoraxRight), trunk);
  const chest = leanOf(thorax);
  const looks = Math.max(-80, Math.min(35, chest.yaw)) * 0.3;
  const arm = (side: BodySide): ArmAngles => {
    const own = (centre: Centre): Vector3 => rotate(inverse(thorax), at(joints, side, centre));
    const solve = side === 'left' ? leftArmAngles : rightArmAngles;
    // How the hand is turned and bent is not measured.
    return { ...solve(own('Shoulder'), own('Elbow'), own('Wrist')), pronation: 40, wristFlexion: 4 };
  };
  return {
    pelvisPosition: hips,
    pelvis: leanOf(pelvis),
    thorax: chest,
    head: { yaw: looks, forward: chest.forward * 0.5, left: chest.left * 0.6 },
    leftArm: arm('left'),
    rightArm: arm('right'),
    leftFoot: footOf(rig, joints, 'left'),
    rightFoot: footOf(rig, joints, 'right'),
    shoulders: { left: joints.leftShoulder, right: joints.rightShoulder },
  };
}

/** The ankle is where it was seen; the foot under it points where the knee bends, heel up when the ankle is high. */
function footOf(rig: Rig, joints: LaboratoryJoints, side: BodySide): FootPlace {
  const [hip, knee, ankle] = [at(joints, side, 'Hip'), at(joints, side, 'Knee'), at(joints, side, 'Ankle')];
  const up = normalize(subtract(hip, ankle));
  const out = subtract(knee, ankle);
  const bent = subtract(out, scale(up, dot(out, up)));
  const across = subtract(joints.leftHip, joints.rightHip);
  const pelvisForward = normalize(cross(across, [0, 0, 1]));
  // A straight leg says little about where its knee points: the pelvis then says it.
  const pole = add(scale(bent, 1 / (0.03 + Math.hypot(...bent))), scale(pelvisForward, 0.25));
  const yaw = Math.atan2(pole[1], pole[0]) / radiansPerDegree;
  const height = ankle[2] - groundHeight(ankle[0]);
  const flat = rig.left.ankle[2];
  const foot = distance(rig.left.ankle, rig.left.ball);
  const raised = Math.max(0, Math.min(1, (height - flat) / foot));
  const shank = normalize(subtract(knee, ankle));
  const shankLean = Math.atan2(
    dot(shank, [Math.cos(yaw * radiansPerDegree), Math.sin(yaw * radiansPerDegree), 0]),
    shank[2],
  );
  // In the air the foot hangs from the shank; on the toes it turns about them.
  const airborne = Math.max(0, Math.min(1, (height - flat - foot) / 0.12));
  const onToes = Math.asin(raised * 0.9) / radiansPerDegree;
  const hanging = Math.max(0, Math.min(120, shankLean / radiansPerDegree + 18));
  const pitch = onToes * (1 - airborne) + hanging * airborne;
  const rotation = [rotationAbout([0, 0, 1], yaw), rotationAbout([0, 1, 0], pitch)] as const;
  const offset = rotate(rotation[0], rotate(rotation[1], subtract(rig[side].ball, rig[side].ankle)));
  return { ball: add(ankle, offset), yaw, pitch, knee: bentOr(bent, pelvisForward) };
}

function bentOr(bent: Vector3, forward: Vector3): Vector3 {
  return Math.hypot(...bent) > 0.004 ? bent : forward;
}

/** A part whose left is `left` and whose up is near `up`. */
function axesFrom(left: Vector3, up: Vector3): Rotation {
  const y = normalize(left);
  const x = normalize(cross(y, up));
  return rotationFromAxes(x, y, cross(x, y));
}

/** The angles of `leanRotation`. */
function leanOf(rotation: Rotation): Lean {
  const x = rotate(rotation, [1, 0, 0]);
  const y = rotate(rotation, [0, 1, 0]);
  const z = rotate(rotation, [0, 0, 1]);
  return {
    yaw: Math.atan2(x[1], x[0]) / radiansPerDegree,
    forward: Math.asin(Math.max(-1, Math.min(1, -x[2]))) / radiansPerDegree,
    left: Math.atan2(-y[2], z[2]) / radiansPerDegree,
  };
}

function middleValue(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
