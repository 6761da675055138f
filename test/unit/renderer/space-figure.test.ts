import type { BufferGeometry, Material } from 'three';
import { Mesh, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { cameraPlace } from '../../../src-renderer/features/space/camera-place.ts';
import { createFigureBody } from '../../../src-renderer/features/space/figure-body.ts';
import { type FigureJoints, figureOfMotion } from '../../../src-renderer/features/space/figure-of-motion.ts';
import { forwardOfMotion } from '../../../src-renderer/features/space/forward-of-motion.ts';
import { createGhostTrail } from '../../../src-renderer/features/space/ghost-trail.ts';
import { placeParts } from '../../../src-renderer/features/space/place-parts.ts';
import { createSpaceStore } from '../../../src-renderer/features/space/space-store.ts';
import { floorLifts } from '../../../src-renderer/features/space/stand-on-floor.ts';
import { trailPath } from '../../../src-renderer/features/space/trail-path.ts';
import { trunkRings } from '../../../src-renderer/features/space/trunk-rings.ts';
import type { JointMotion, JointName } from '../../../worker/biomechanics/joint-motion.ts';
import { length } from '../../../worker/biomechanics/vectors.ts';

type Points = Partial<Record<JointName, readonly [number, number, number]>>;

/** Upright around the hips, facing the camera (y away from it), z up. Metres. */
const standing: Points = {
  nose: [0, -0.12, 0.66],
  left_ear: [0.07, 0, 0.68],
  right_ear: [-0.07, 0, 0.68],
  left_shoulder: [0.18, 0, 0.5],
  right_shoulder: [-0.18, 0, 0.5],
  left_elbow: [0.25, 0, 0.22],
  right_elbow: [-0.25, 0, 0.22],
  left_wrist: [0.27, -0.05, -0.03],
  right_wrist: [-0.27, -0.05, -0.03],
  left_index: [0.27, -0.06, -0.12],
  right_index: [-0.27, -0.06, -0.12],
  left_hip: [0.1, 0, 0],
  right_hip: [-0.1, 0, 0],
  left_knee: [0.11, 0, -0.42],
  right_knee: [-0.11, 0, -0.42],
  left_ankle: [0.11, 0.02, -0.82],
  right_ankle: [-0.11, 0.02, -0.82],
  left_heel: [0.11, 0.06, -0.88],
  right_heel: [-0.11, 0.06, -0.88],
  left_foot_index: [0.12, -0.14, -0.88],
  right_foot_index: [-0.12, -0.14, -0.88],
};

function motionOf(frames: readonly Points[], isGrounded = false): JointMotion {
  const joints: Partial<Record<JointName, Float64Array>> = {};
  for (const name of Object.keys(standing) as JointName[]) {
    joints[name] = Float64Array.from(frames.flatMap((points) => points[name] ?? [Number.NaN, Number.NaN, Number.NaN]));
  }
  return { timesSeconds: Float64Array.from(frames, (_, frame) => frame / 60), joints, isGrounded };
}

/** Every point higher by as much. */
const raised = (points: Points, metres: number): Points =>
  Object.fromEntries(Object.entries(points).map(([name, [x, y, z]]) => [name, [x, y, z + metres]]));

const upright = (): FigureJoints => figureOfMotion({ motion: motionOf([standing]) }).jointsAt(0) ?? {};

describe('a figure of a motion', () => {
  it('stands on the floor, y up, turned to the camera as filmed', () => {
    const joints = upright();
    expect(joints.left_heel?.at).toEqual([0.11, expect.closeTo(0.02, 6), -0.06]);
    expect(joints.nose?.at[2]).toBe(0.12);
    expect(joints.left_hip?.at[0]).toBe(0.1);
  });

  it('keeps its feet on the floor while it sinks, and does not tremble with its landmarks', () => {
    const squat = Array.from({ length: 120 }, (_, frame) => {
      const sunk = 0.2 * (1 - Math.cos((frame / 120) * 2 * Math.PI));
      const feet = raised(standing, sunk + (frame % 2 === 0 ? 0.01 : -0.01));
      return {
        ...standing,
        ...Object.fromEntries(Object.entries(feet).filter(([name]) => /ankle|heel|foot/.test(name))),
      };
    });
    const { jointsAt } = figureOfMotion({ motion: motionOf(squat) });
    const hips = squat.map((_, frame) => jointsAt(frame)?.left_hip?.at[1] ?? Number.NaN);
    squat.forEach((_, frame) => {
      expect(Math.abs((jointsAt(frame)?.left_heel?.at[1] ?? Number.NaN) - 0.02)).toBeLessThan(0.02);
    });
    expect((hips[0] ?? 0) - (hips[60] ?? 0)).toBeCloseTo(0.4, 1);
    // The landmarks leap by 20 mm from frame to frame.
    const steps = hips.slice(20, 100).map((height, i) => Math.abs(height - (hips[i + 19] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.014);
  });

  it('leaves the heights of a grounded motion as they are', () => {
    const jump = [standing, raised(standing, 0.3), standing];
    expect(Array.from(floorLifts(motionOf(jump, true)))).toEqual(new Array(3).fill(expect.closeTo(0.9, 6)));
  });

  it('has no joint that is missing, and stands where no foot is seen', () => {
    const { left_wrist: _, ...armless } = standing;
    const hipsOnly: Points = { left_hip: [0.1, 0, 0], right_hip: [-0.1, 0, 0] };
    const { jointsAt } = figureOfMotion({ motion: motionOf([armless, hipsOnly, {}]) });
    expect(jointsAt(0)).not.toHaveProperty('left_wrist');
    expect(jointsAt(1)?.left_hip?.at[1]).toBeCloseTo(0.9, 6);
    expect(jointsAt(2)).toBeUndefined();
    expect(jointsAt(3)).toBeUndefined();
  });

  it('begins at the frame that it is said to begin at', () => {
    const { jointsAt } = figureOfMotion({ motion: motionOf([standing]), firstFrame: 7 });
    expect(jointsAt(0)).toBeUndefined();
    expect(jointsAt(7)?.nose).toBeDefined();
  });
});

describe('parts of a body', () => {
  it('reach from joint to joint, in their side’s colour', () => {
    const joints = upright();
    const thigh = placeParts(joints, 1).find(({ id }) => id === 'left thigh');
    expect(thigh?.side).toBe('left');
    expect(thigh?.origin).toEqual(joints.left_hip?.at);
    expect(length(thigh?.axes[1] ?? [])).toBeCloseTo(Math.hypot(0.01, 0.42), 6);
  });

  it('are absent without their joints and uncertain with uncertain ones', () => {
    const { left_knee: _, right_wrist: wrist, ...rest } = upright();
    const joints: FigureJoints = { ...rest, ...(wrist && { right_wrist: { ...wrist, isCertain: false } }) };
    const parts = placeParts(joints, 1);
    const certain = new Map(parts.map(({ id, isCertain }) => [id, isCertain]));
    expect(certain.has('left thigh')).toBe(false);
    expect(certain.has('left shank')).toBe(false);
    expect(certain.get('right forearm')).toBe(false);
    expect(certain.get('right upperArm')).toBe(true);
  });

  it('are finite and right-handed, the head facing with the nose', () => {
    const parts = placeParts(upright(), 1);
    for (const { axes } of parts) {
      const [x, y, z] = axes.map(([a = 0, b = 0, c = 0]) => new Vector3(a, b, c));
      expect(
        x
          ?.clone()
          .cross(y ?? new Vector3())
          .dot(z ?? new Vector3()),
      ).toBeGreaterThan(0);
    }
    expect(parts.find(({ id }) => id === 'head')?.axes[2][2]).toBeGreaterThan(0.9);
  });

  it('twist the trunk between hips and shoulders', () => {
    const turned: Points = { ...standing, left_shoulder: [0, -0.18, 0.5], right_shoulder: [0, 0.18, 0.5] };
    const joints = figureOfMotion({ motion: motionOf([turned]) }).jointsAt(0) ?? {};
    const rings = trunkRings(joints, 1)?.rings ?? [];
    const facing = ({ across: [x = 0, , z = 0] }: (typeof rings)[number]) => (Math.atan2(z, x) * 180) / Math.PI;
    expect(rings.map(facing).at(1)).toBeCloseTo(0, 1);
    expect(rings.map(facing).at(-1)).toBeCloseTo(90, 1);
  });
});

describe('a body of meshes', () => {
  it('disposes of everything that it has made', () => {
    const palette = { left: '#35b0ff', right: '#ff9f1c', middle: '#fff', opacity: 0.4 };
    const body = createFigureBody({ build: 1, palette });
    const trail = createGhostTrail(palette.left);
    expect(body.pose(upright())).toBe(Object.keys(standing).length);
    trail.follow([
      [0, 0, 0],
      [0, 1, 0],
    ]);
    body.group.add(trail.mesh);
    const made = new Set<BufferGeometry | Material>();
    body.group.traverse((object) => {
      if (object instanceof Mesh) for (const part of [object.geometry, object.material]) made.add(part);
    });
    const kept = new Set(made);
    for (const part of made) part.addEventListener('dispose', () => kept.delete(part));
    body.dispose();
    trail.dispose();
    expect(made.size).toBeGreaterThan(10);
    expect(kept.size).toBe(0);
  });

  it('makes nothing new for another pose', () => {
    const body = createFigureBody({ build: 1, palette: { left: '#00f', right: '#f00', middle: '#fff', opacity: 1 } });
    body.pose(upright());
    const before = body.group.children.length;
    body.pose(undefined);
    expect(body.group.children.every(({ visible }) => !visible)).toBe(true);
    body.pose(upright());
    expect(body.group.children).toHaveLength(before);
    body.dispose();
  });
});

describe('the eye', () => {
  it('stands before, behind, beside and above, farther in a narrow picture', () => {
    const at = (preset: Parameters<typeof cameraPlace>[0]['preset'], aspect = 1.5) =>
      cameraPlace({ preset, forward: [1, 0, 0], aspect }).position;
    expect(at('front')[0]).toBeGreaterThan(4);
    expect(at('back')[0]).toBeLessThan(-4);
    expect(at('side')[2]).toBeGreaterThan(4);
    expect(at('filmed')[2]).toBeGreaterThan(4);
    expect(at('top')[1]).toBeGreaterThan(5);
    expect(at('front', 0.5)[0]).toBeGreaterThan((at('front')[0] ?? 0) * 1.5);
  });

  it('finds the front of a throw in its stride, else in the hips', () => {
    const stride: Points = { ...standing, left_ankle: [0.8, 0, -0.8], right_ankle: [-0.2, 0, -0.8] };
    expect(forwardOfMotion(motionOf([standing, stride]), 'right')).toEqual([1, 0, expect.closeTo(0)]);
    expect(forwardOfMotion(motionOf([standing, stride]), undefined)).toEqual([expect.closeTo(0), 0, 1]);
  });

  it('goes from view to view, but not while only the film is shown', () => {
    const store = createSpaceStore();
    store.getState().lookOn(1);
    expect(store.getState()).toMatchObject({ mode: 'video', preset: 'filmed', looks: 0 });
    store.getState().cycleMode();
    store.getState().lookOn(1);
    expect(store.getState()).toMatchObject({ mode: 'space', preset: 'side' });
    store.getState().lookFreely();
    store.getState().lookOn(-1);
    expect(store.getState().preset).toBe('top');
  });
});

describe('the path of a wrist', () => {
  const { jointsAt } = figureOfMotion({ motion: motionOf(Array.from({ length: 20 }, () => standing)) });
  const frames = (shownFrame: number) =>
    trailPath(
      { joint: 'right_wrist', stretches: [{ firstFrame: 4, lastFrame: 15 }], longestFrames: 8 },
      jointsAt,
      shownFrame,
    );

  it('begins with its repetition, is no longer than it may be, and ends with the repetition', () => {
    expect([3, 4, 6, 15, 16].map((frame) => frames(frame).length)).toEqual([0, 1, 3, 8, 0]);
  });
});
