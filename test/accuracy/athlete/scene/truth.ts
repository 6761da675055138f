import type { BlazePoseKeypoint } from '../../../../models/skeletons.ts';
import { face, knuckles } from '../body/head-shape.ts';
import { type BodySide, type Rig, sides } from '../body/rig.ts';
import type { StandingBody } from '../body/stand.ts';
import { referenceHeightMetres } from '../motion/pitch-keys.ts';
import { add, mirror, place, scale, type Vector3 } from '../vector.ts';

/** World positions of the keypoints that can be seen: the fingers inside a glove are left out. */
export type TruthPoints = Readonly<Partial<Record<BlazePoseKeypoint, Vector3>>>;

/** Where every keypoint really is. */
export function truthPoints(rig: Rig, body: StandingBody, bareHands: readonly BodySide[] = ['right']): TruthPoints {
  const size = rig.lengths.height / referenceHeightMetres;
  const onHead = (point: Vector3): Vector3 => place(body.bones.head, scale(point, size));
  const points: Partial<Record<BlazePoseKeypoint, Vector3>> = { nose: onHead(face.nose) };
  for (const side of sides) {
    const own = (point: Vector3): Vector3 => (side === 'left' ? point : mirror(point));
    const [x, y, z] = face.eye;
    const joints = body[side];
    points[`${side}_eye_inner`] = onHead(own([x + 0.006, y - 0.015, z]));
    points[`${side}_eye`] = onHead(own([x + 0.012, y, z]));
    points[`${side}_eye_outer`] = onHead(own([x + 0.001, y + 0.016, z]));
    points[`${side}_ear`] = onHead(own(face.ear));
    points[`mouth_${side}`] = onHead(own(face.mouthCorner));
    points[`${side}_shoulder`] = joints.shoulder;
    points[`${side}_elbow`] = joints.elbow;
    points[`${side}_wrist`] = joints.wrist;
    points[`${side}_hip`] = joints.hip;
    points[`${side}_knee`] = joints.knee;
    points[`${side}_ankle`] = joints.ankle;
    points[`${side}_heel`] = onFoot(rig, body, side, [-0.055 * size, 0, -0.06 * size]);
    points[`${side}_foot_index`] = toeTip(rig, body, side, size);
  }
  for (const side of bareHands) {
    for (const finger of ['index', 'pinky', 'thumb'] as const) {
      const fromWrist = scale(knuckles[finger], size);
      const rest = add(rig[side].wrist, side === 'left' ? fromWrist : mirror(fromWrist));
      points[`${side}_${finger}`] = place(body.bones[`${side}-hand`], rest);
    }
  }
  return points;
}

function onFoot(rig: Rig, body: StandingBody, side: BodySide, fromAnkle: Vector3): Vector3 {
  return place(body.bones[`${side}-foot`], add(rig[side].ankle, fromAnkle));
}

function toeTip(rig: Rig, body: StandingBody, side: BodySide, size: number): Vector3 {
  return place(body.bones[`${side}-toes`], add(rig[side].ball, [0.055 * size, 0, 0.008 * size]));
}
