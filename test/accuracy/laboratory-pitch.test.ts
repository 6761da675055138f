import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PitchEventId } from '../../worker/biomechanics/pitching/pitch-events.ts';
import { pitchingProfile } from '../../worker/biomechanics/pitching/pitching-profile.ts';
import type { NamedPoints } from '../../worker/motion-files/named-points.ts';
import { pointsToMotion } from '../../worker/motion-files/points-to-motion.ts';
import { clipsFolder } from '../integration/media-made-clips.ts';

const folder = join(clipsFolder, 'openbiomechanics');
const isThere = ['landmarks.csv', 'poi_metrics.csv', 'metadata.csv'].every((name) => existsSync(join(folder, name)));
const because = isThere ? '' : ` (skipped: no laboratory data in ${folder})`;

/** The laboratory's foot contact is full weight on the foot: its metrics "at foot plant" are taken there. */
const events: Readonly<Record<string, PitchEventId>> = {
  pkh_time: 'peakKneeHeight',
  fp_100_time: 'footContact',
  MER_time: 'maximumExternalRotation',
  BR_time: 'release',
  MIR_time: 'maximumInternalRotation',
};
const longestEventError = 0.015;

/**
 * Ours, less the offset of its norm, against the laboratory's own value of the same pitch. Its angles are those of
 * segments that markers define; what joint centres alone cannot show is said beside the tolerance.
 */
const rows: readonly (readonly [metric: string, column: string, factor: number, tolerance: number])[] = [
  // Ankle to ankle by the given height: the same definition.
  ['strideLengthPercentHeight', 'stride_length', 100, 1],
  // The heading of the same line; the laboratory measures from the ankle at another moment of the lift.
  ['strideDirection', 'stride_angle', 1, 3],
  // The trunk's axis runs through hips and shoulders, not along the thorax.
  ['shoulderAbductionAtFootContact', 'shoulder_abduction_fp', 1, 4],
  // The arm turns by more than a degree a millisecond at contact: 10 ms are ten degrees, and the trunk's axis adds some.
  ['shoulderExternalRotationAtFootContact', 'shoulder_external_rotation_fp', 1, 15],
  ['shoulderHorizontalAbductionAtFootContact', 'shoulder_horizontal_abduction_fp', 1, 4],
  // Between joint centres: the same definition.
  ['elbowFlexionAtFootContact', 'elbow_flexion_fp', 1, 3],
  ['maximumElbowFlexion', 'max_elbow_flexion', 1, 3],
  ['maximumShoulderExternalRotation', 'max_shoulder_external_rotation', 1, 5],
  // How far the shoulder joints slide on the ribcage differs between pitchers: 22 to 31 degrees here.
  ['maximumHipShoulderSeparation', 'max_rotation_hip_shoulder_separation', 1, 8],
  ['trunkForwardTiltAtRelease', 'torso_anterior_tilt_br', 1, 6],
  // The shoulders' line is lifted by the throwing arm; a thorax is not.
  ['trunkLateralTiltAtRelease', 'torso_lateral_tilt_br', 1, 9],
  // The laboratory's knee bends about an axis from markers; contact's 10 ms are three degrees.
  ['leadKneeExtensionToRelease', 'lead_knee_extension_from_fp_to_br', 1, 6],
  ['pelvisPeakRotationSpeed', 'max_pelvis_rotational_velo', 1, 50],
  // Again the shoulder joints, which overtake the ribcage: up to 15 % faster.
  ['trunkPeakRotationSpeed', 'max_torso_rotational_velo', 1, 170],
  // The pelvis' peak is flat: a few degrees a second move it by 20 ms.
  ['pelvisToTrunkPeakLag', 'timing_peak_torso_to_peak_pelvis_rot_velo', 1000, 30],
  // Against the line of the stride, which lies 3 to 10 degrees from the laboratory's line to home plate.
  ['pelvisRotationAtFootContact', 'pelvis_rotation_fp', 1, 11],
  ['elbowPeakExtensionSpeed', 'max_elbow_extension_velo', 1, 180],
  // The forearm turns by 2 degrees a millisecond at release, and the laboratory measures to the hand.
  ['armSlot', 'arm_slot', 1, 12],
];

describe('pitches of a laboratory, from its joint centres', () => {
  it.skipIf(!isThere).each([360, 120, 60])(`measure what it measured, at %i frames a second${because}`, (rate) => {
    const poi = table('poi_metrics.csv');
    const landmarks = table('landmarks.csv');
    for (const name of new Set(landmarks.map((row) => row['session_pitch'] ?? ''))) {
      const frames = landmarks.filter((row) => row['session_pitch'] === name);
      const right = measured(name, pointsOf(frames, rate, 1, 'joints'));
      expect(right.hand).toBe('right');
      for (const [column, event] of Object.entries(events)) {
        const apart = Number(right.events[event]?.timeSeconds) - Number(frames[0]?.[column]);
        expect(Math.abs(apart), `${name} ${event}`).toBeLessThan(longestEventError);
      }
      const truth = poi.find((row) => row['session_pitch'] === name);
      for (const [metric, column, factor, tolerance] of rows) {
        const found = right.metrics[metric];
        if (found === undefined && rate < 100) continue;
        expect(Math.abs(Number(found) - Number(truth?.[column]) * factor), `${name} ${metric}`).toBeLessThan(tolerance);
      }
      // The same pitch in a mirror is a left-hander's.
      const left = measured(name, pointsOf(frames, rate, -1, 'joints'));
      expect(left.hand).toBe('left');
      for (const [id, value] of Object.entries(right.metrics)) {
        expect(Math.abs(Number(left.metrics[id]) - value), `${name} ${id}`).toBeLessThan(1e-6);
      }
    }
  });

  it.skipIf(!isThere)(`come nearer to its own angles where the ribcage is seen too${because}`, () => {
    const poi = table('poi_metrics.csv');
    const landmarks = table('landmarks.csv');
    for (const truth of poi.filter((row) =>
      landmarks.some((frame) => frame['session_pitch'] === row['session_pitch']),
    )) {
      const name = truth['session_pitch'] ?? '';
      const frames = landmarks.filter((row) => row['session_pitch'] === name);
      for (const side of [1, -1] as const) {
        const { metrics } = measured(name, pointsOf(frames, 120, side, 'all'));
        for (const [metric, column, factor, tolerance] of rows) {
          const apart = Number(metrics[metric]) - Number(truth[column]) * factor;
          expect(Math.abs(apart), `${name} ${metric}`).toBeLessThan(ribcageTolerances[metric] ?? tolerance);
        }
      }
    }
  });
});

/** Where the ribcage's own points replace the line of the shoulder joints. */
const ribcageTolerances: Readonly<Record<string, number>> = {
  shoulderAbductionAtFootContact: 3,
  shoulderExternalRotationAtFootContact: 13,
  shoulderHorizontalAbductionAtFootContact: 7,
  maximumShoulderExternalRotation: 3,
  maximumHipShoulderSeparation: 4,
  trunkForwardTiltAtRelease: 4,
};

type Row = Readonly<Record<string, string>>;

/** Plain numbers and words between commas: these files quote nothing. */
function table(name: string): readonly Row[] {
  const [head = '', ...lines] = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])));
}

/** Every point of the laboratory under its own name, at a part of its rate; `side` -1 mirrors. */
function pointsOf(rows360: readonly Row[], rate: number, side: 1 | -1, kind: 'joints' | 'all'): NamedPoints {
  const frames = rows360.filter((_, i) => i % (360 / rate) === 0);
  const names = Object.keys(frames[0] ?? {}).flatMap((column) =>
    column.endsWith('_x') && (kind === 'all' || !column.startsWith('thorax')) ? [column.slice(0, -2)] : [],
  );
  const points = frames.flatMap((row) =>
    names.flatMap((name) => [Number(row[`${name}_x`]), side * Number(row[`${name}_y`]), Number(row[`${name}_z`])]),
  );
  return {
    names,
    timesSeconds: Float64Array.from(frames, (_, i) => i / rate),
    points: Float64Array.from(points),
    metresPerUnit: 1,
  };
}

function measured(name: string, points: NamedPoints) {
  const height = Number(table('metadata.csv').find((row) => row['session_pitch'] === name)?.['session_height_m']);
  const { motion, hand } = pointsToMotion(points);
  const [repetition, ...others] = pitchingProfile.measure({
    ...{ motion, hand, heightMetres: height },
    ...{ uncertainty: { sigmaMetres: () => 0, correlationSeconds: 0.03 }, draws: 2 },
  });
  expect(others).toEqual([]);
  if (repetition === undefined) throw new Error(`${name}: no pitch was found`);
  return {
    hand: repetition.hand,
    events: repetition.events,
    metrics: Object.fromEntries(
      repetition.metrics.flatMap(({ metric, value, norm }) =>
        'value' in value ? [[metric.id, value.value - (norm?.offset?.value ?? 0)] as const] : [],
      ),
    ),
  };
}
