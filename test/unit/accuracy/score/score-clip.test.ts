import { describe, expect, it } from 'vitest';
import { blazePose33 as skeleton } from '../../../../models/skeletons.ts';
import { calibrate } from '../../../accuracy/score/calibrate.ts';
import { scoreClip } from '../../../accuracy/score/score-clip.ts';
import { figuresByKeypoint, summarizeScores } from '../../../accuracy/score/summarize-scores.ts';
import { exchange, lose, madeTruth, perfectMotion, put } from './made-clip.ts';

const truth = madeTruth();
type Motion = ReturnType<typeof perfectMotion>;

function figuresOf(change: (motion: Motion) => void, of = truth) {
  const motion = perfectMotion(of);
  change(motion);
  return summarizeScores([scoreClip(of, { motion, skeleton })]);
}

describe('scoreClip', () => {
  it('finds no fault in the truth itself', () => {
    const figures = figuresOf(() => undefined);
    expect(figures).toMatchObject({ clips: 1, frames: 10, detectionRate: 1, dropouts: 0, swapFraction: 0 });
    for (const [name, value] of Object.entries(figures)) {
      if (/error|Rmse|Bias|wrist/i.test(name)) expect(value, name).toBeCloseTo(0, 2);
    }
    expect(figures.coverage90).toBeNaN();
  });

  it('gives the error in percent of the standing height, averaged over the main joints', () => {
    // 10 of 200 pixels, one joint of twelve, in every frame.
    const figures = figuresOf((motion) => {
      for (let frame = 0; frame < 10; frame++) put(motion, frame, 'left_ankle', [330 + 6, 320 + 8]);
    });
    expect(figures.error2dPercentHeight).toBeCloseTo(5 / 12, 4);
    expect(figures.wristOverallPercentHeight).toBeCloseTo(0, 4);
  });

  it('says how much too low a keypoint is found', () => {
    const motion = perfectMotion(truth);
    for (let frame = 0; frame < 10; frame++) put(motion, frame, 'left_ankle', [330, 320 + (frame < 5 ? 8 : -4)]);
    const ankle = figuresByKeypoint([scoreClip(truth, { motion, skeleton })]).get('left_ankle');
    expect(ankle?.error).toBeCloseTo(3, 4);
    expect(ankle?.downwards).toBeCloseTo(1, 4);
  });

  it('looks at the throwing wrist from foot contact to release alone', () => {
    const wrong = (frame: number) => (motion: Motion) => put(motion, frame, 'right_wrist', [285, 245 + 30]);
    expect(figuresOf(wrong(5)).wristError2dPercentHeight).toBeCloseTo(5, 4);
    expect(figuresOf(wrong(2)).wristError2dPercentHeight).toBeCloseTo(0, 4);
    expect(figuresOf(wrong(2)).wristOverallPercentHeight).toBeCloseTo(1.5, 4);
    expect(figuresOf(wrong(5), madeTruth(10, { hand: 'left' })).wristError2dPercentHeight).toBeCloseTo(0, 4);
    expect(figuresOf(wrong(5), madeTruth(10, { events: {} })).wristError2dPercentHeight).toBeNaN();
  });

  it('does not ask for what lies outside the picture', () => {
    const narrow = madeTruth(10, { height: 300 });
    const figures = figuresOf((motion) => put(motion, 0, 'left_ankle', [0, 0]), narrow);
    expect(figures.error2dPercentHeight).toBeCloseTo(0, 4);
  });

  it('counts frames without a pose, and those whose pose is on somebody else', () => {
    const lost = figuresOf((motion) => {
      for (const frame of [2, 3, 7]) lose(motion, frame);
    });
    expect(lost).toMatchObject({ detectionRate: 0.7, dropouts: 2, longestDropoutFrames: 2 });
    const elsewhere = figuresOf((motion) => {
      for (let at = 0; at < motion.landmarks2d.length; at += 4) {
        if (at < 33 * 4) motion.landmarks2d[at] = (motion.landmarks2d[at] ?? 0) + 90;
      }
    });
    expect(elsewhere).toMatchObject({ detectionRate: 0.9, dropouts: 0 });
  });

  it('finds exchanged arms and legs, apart, and how long they last', () => {
    const figures = figuresOf((motion) => {
      for (const frame of [1, 2, 3, 8]) for (const joint of ['elbow', 'wrist']) exchange(motion, frame, joint);
      for (const joint of ['knee', 'ankle']) exchange(motion, 8, joint);
    });
    expect(figures).toMatchObject({
      armSwapFraction: 0.4,
      legSwapFraction: 0.1,
      swapFraction: 0.4,
      longestSwapFrames: 3,
    });
  });

  it('sees no exchange where the hands are together', () => {
    const together = madeTruth();
    const at = (side: 'left' | 'right') => together.keypoints.indexOf(`${side}_wrist`);
    const points = together.points2d.map((frame) =>
      frame.map((point, index) =>
        index === at('left') ? ([321, 200] as const) : index === at('right') ? ([319, 200] as const) : point,
      ),
    );
    const figures = figuresOf((motion) => exchange(motion, 5, 'wrist'), { ...together, points2d: points });
    expect(figures.swapFraction).toBe(0);
  });

  it('forgives size and turn in space once for the clip, or in each frame', () => {
    const shrunk = figuresOf((motion) => {
      motion.landmarks3d.forEach((value, at) => {
        motion.landmarks3d[at] = 0.5 * value;
      });
    });
    expect(shrunk.error3dRawMillimetres).toBeGreaterThan(150);
    expect(shrunk.error3dAlignedMillimetres).toBeCloseTo(0, 2);
    const halfTurned = figuresOf((motion) => {
      for (let at = 0; at < motion.landmarks3d.length / 2; at += 3) {
        const [x = 0, , z = 0] = motion.landmarks3d.subarray(at, at + 3);
        motion.landmarks3d[at] = -z;
        motion.landmarks3d[at + 2] = x;
      }
    });
    expect(halfTurned.error3dAlignedMillimetres).toBeGreaterThan(50);
    expect(halfTurned.error3dFrameAlignedMillimetres).toBeCloseTo(0, 2);
  });

  it('gives the spread and the bias of angles', () => {
    // Every left knee 30 degrees bent, and the right one straight as it is.
    const figures = figuresOf((motion) => {
      const [x, y] = [0.4 * Math.sin(Math.PI / 6), 0.4 * Math.cos(Math.PI / 6)];
      for (let frame = 0; frame < 10; frame++) put(motion, frame, 'left_ankle', [330, 320], [0.1 + x, 0.4 + y, 0]);
    });
    expect(figures.kneeBiasDegrees).toBeCloseTo(15, 3);
    expect(figures.kneeRmseDegrees).toBeCloseTo(Math.sqrt(450), 3);
    expect(figures.elbowRmseDegrees).toBeCloseTo(0, 3);
  });

  it('counts hips that lead as positive, whichever hand throws', () => {
    const turned = (motion: Motion) => {
      const [x, z] = [0.2 * Math.cos(Math.PI / 9), 0.2 * Math.sin(Math.PI / 9)];
      for (let frame = 0; frame < 10; frame++) {
        put(motion, frame, 'left_shoulder', [340, 190], [x, -0.5, -z]);
        put(motion, frame, 'right_shoulder', [300, 190], [-x, -0.5, z]);
      }
    };
    expect(figuresOf(turned).hipShoulderSeparationBiasDegrees).toBeCloseTo(20, 3);
    expect(figuresOf(turned, madeTruth(10, { hand: 'left' })).hipShoulderSeparationBiasDegrees).toBeCloseTo(-20, 3);
  });

  it('puts clips together by their frames', () => {
    const worse = perfectMotion(truth);
    for (let frame = 0; frame < 10; frame++) put(worse, frame, 'left_ankle', [330, 320 + 24]);
    const scores = [perfectMotion(truth), worse].map((motion) => scoreClip(truth, { motion, skeleton }));
    expect(summarizeScores(scores)).toMatchObject({ clips: 2, frames: 20 });
    expect(summarizeScores(scores).error2dPercentHeight).toBeCloseTo(0.5, 4);
  });
});

describe('calibrate', () => {
  it('holds stated intervals against real errors, by joint and visibility', () => {
    const motion = perfectMotion(truth);
    for (let frame = 0; frame < 10; frame++) put(motion, frame, 'left_wrist', [355, 245 + frame]);
    const radius90Pixels = new Float32Array(10 * 33).fill(4.5);
    const { intervals } = scoreClip(truth, { motion, skeleton, radius90Pixels });
    const rows = calibrate(intervals.filter(({ kind, errorPixels }) => kind === 'wrist' && errorPixels > 0));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ kind: 'wrist', visibilityFrom: 0.9, visibilityTo: 1, samples: 9 });
    expect(rows[0]?.coverage90).toBeCloseTo(4 / 9, 6);
    // The ninth tenth of 1 to 9 is 8.2 pixels.
    expect(rows[0]?.scaleFor90).toBeCloseTo(8.2 / 4.5, 4);
    expect(rows[0]?.error90Percent).toBeCloseTo(4.1, 4);
  });

  it('says how large errors are where the product gives no interval', () => {
    const { intervals } = scoreClip(truth, { motion: perfectMotion(truth), skeleton });
    const rows = calibrate(intervals);
    expect(rows.map(({ kind }) => kind)).toEqual(['shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle']);
    expect(rows.every(({ coverage90, scaleFor90 }) => Number.isNaN(coverage90) && Number.isNaN(scaleFor90))).toBe(true);
  });
});
