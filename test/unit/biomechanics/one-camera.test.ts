import { describe, expect, it } from 'vitest';
import { acrossSight } from '../../../worker/biomechanics/across-sight.ts';
import type { JointMotion } from '../../../worker/biomechanics/joint-motion.ts';
import { singleCameraErrors, uncertaintyOf } from '../../../worker/biomechanics/known-errors.ts';
import { oneCameraUncertainty, type ViewCalibration } from '../../../worker/biomechanics/one-camera.ts';
import { findRelease } from '../../../worker/biomechanics/pitching/find-release.ts';
import { fasterHand, throwingSide } from '../../../worker/biomechanics/pitching/throwing-side.ts';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { viewOf } from '../../../worker/biomechanics/view-of.ts';
import { drawnPitch, drawnTimes, mapPoints, mirrored } from './pitching/drawn-pitch.ts';

/** The drawn pitch as a camera sees it that stands so many degrees from the way to home plate. Depth lies along y. */
function filmedFrom(azimuthDegrees: number, motion = drawnPitch({ framesPerSecond: 60 })): JointMotion {
  const [cosine, sine] = [
    Math.cos(((azimuthDegrees - 90) * Math.PI) / 180),
    Math.sin(((azimuthDegrees - 90) * Math.PI) / 180),
  ];
  const turned = mapPoints(motion, ([x, y, z]) => [cosine * x + sine * y, cosine * y - sine * x, z]);
  const { timesSeconds, joints } = turned;
  return { timesSeconds, joints, isGrounded: false, lineOfSight: [0, 1, 0] };
}

/** Depth that swings by half a metre, four times a second, as a model's guess may. */
function withWrongDepth(motion: JointMotion): JointMotion {
  const joints = Object.fromEntries(
    Object.entries(motion.joints).map(([name, points], joint) => [
      name,
      points.map((value, i) => {
        const time = Number(motion.timesSeconds[Math.floor(i / 3)]);
        return i % 3 === 1 ? value + 0.5 * Math.sin(2 * Math.PI * 4 * time + joint) : value;
      }),
    ]),
  );
  return { ...motion, joints };
}

const views = [
  ['side', 90],
  ['side', -90],
  ['quarter', 45],
  ['quarter', 135],
  ['end', 0],
  ['end', 180],
] as const;

describe('a pitch that one camera has seen', () => {
  it.each(views)('is known to be filmed from the %s at %i degrees, however wrong its depth', (view, azimuth) => {
    const motion = filmedFrom(azimuth);
    expect(viewOf(motion)).toBe(view);
    expect(viewOf(withWrongDepth(motion))).toBe(view);
    expect(viewOf(mirrored(motion))).toBe(view);
  });

  it('is told from one that is known in space', () => {
    const motion = drawnPitch({ framesPerSecond: 60 });
    expect(viewOf(motion)).toBeUndefined();
    expect(acrossSight(motion)).toBe(motion);
  });

  it.each(views)(
    'has its hand and release found from the %s at %i degrees in the picture, not in depth',
    (_, azimuth) => {
      const motion = withWrongDepth(filmedFrom(azimuth, drawnPitch({ framesPerSecond: 120 })));
      expect(fasterHand(motion)).toBe('right');
      expect(Math.abs(Number(findRelease(motion, throwingSide('right'))) - drawnTimes.ballRelease)).toBeLessThan(
        1 / 120,
      );
      expect(fasterHand(mirrored(motion))).toBe('left');
    },
  );
});

const joint = { across: 0.02, along: 0.1 };
const view: ViewCalibration = {
  joints: { shoulder: joint, elbow: joint, wrist: joint, index: joint, hip: joint, knee: joint, ankle: joint },
  correlationSeconds: 0.2,
  eventErrorsSeconds: { release: 0.01 },
  biases: { armSlot: 10 },
  intervalScales: { armSlot: 2, trunkLateralTiltAtRelease: 1 },
  notMeasurable: ['elbowFlexionAtRelease'],
};
const calibration = { clips: 3, views: { side: view, quarter: view, end: view } };

describe('the errors of one camera', () => {
  const motion = filmedFrom(90);
  const uncertainty = oneCameraUncertainty(motion, calibration);

  it('are larger along its line of sight, wherever that runs', () => {
    const sigmas = [0, 1, 2].map((axis) => uncertainty?.sigmaMetres('left_wrist', 0, axis));
    expect(sigmas).toEqual([0.02, 0.1, 0.02]);
    const aslant = { ...motion, lineOfSight: [Math.SQRT1_2, Math.SQRT1_2, 0] };
    expect(oneCameraUncertainty(aslant, calibration)?.sigmaMetres('left_wrist', 0, 0)).toBeCloseTo(
      Math.hypot(0.02, 0.1) / Math.SQRT2,
      9,
    );
  });

  it('shift and stretch intervals, and say of what nothing can be said', () => {
    if (uncertainty === undefined) throw new Error('no view');
    const options = { motion, hand: 'right', draws: 12 } as const;
    const { biases: _, intervalScales: __, notMeasurable: ___, ...plain } = uncertainty;
    const measuredAs = (id: string, own: typeof plain) =>
      profiles.pitching.measure({ ...options, uncertainty: own })[0]?.metrics.find(({ metric }) => metric.id === id)
        ?.value;
    const [before, after] = [measuredAs('armSlot', plain), measuredAs('armSlot', uncertainty)];
    if (!(before && 'value' in before && before.interval && after && 'value' in after && after.interval)) {
      throw new Error('armSlot is not measured');
    }
    expect(after.value).toBe(before.value);
    expect(before.value - after.interval[0]).toBeCloseTo(10 + 2 * (before.value - before.interval[0]), 9);
    expect(after.interval[1] - before.value).toBeCloseTo(2 * (before.interval[1] - before.value), 9);
    expect(measuredAs('elbowFlexionAtRelease', uncertainty)).toEqual({
      notMeasurable: expect.stringContaining('from the side'),
    });
    expect(measuredAs('trunkLateralTiltAtRelease', uncertainty)).toEqual(
      measuredAs('trunkLateralTiltAtRelease', plain),
    );
  });

  it('give a moment the uncertainty that is known of it, and none where a person has set it', () => {
    const measured = (events: { readonly release?: number }) =>
      profiles.pitching.measure({
        ...{ motion, hand: 'right', draws: 60, uncertainty: uncertaintyOf(singleCameraErrors) },
        ...(uncertainty && { uncertainty }),
        repetitions: [{ fromSeconds: 0, toSeconds: 3, events }],
      })[0]?.events['release'];
    const found = measured({});
    expect(found?.uncertaintySeconds).toBeGreaterThan(0.011);
    expect(found?.uncertaintySeconds).toBeLessThan(0.022);
    expect(measured({ release: 1.7 })).toEqual({ timeSeconds: 1.7, uncertaintySeconds: 0 });
  });
});
