/** `npm run -s measure` as a shell runs it, on files of a drawn pitch. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeNpy } from '../../worker/biomechanics/npy.ts';
import { writeH36mNpy } from '../../worker/motion-files/h36m.ts';
import { motionToC3d, motionToTrc } from '../../worker/motion-files/write-motion.ts';
import { drawnHeightMetres, drawnPitch, drawnTimes, mirrored } from '../unit/biomechanics/pitching/drawn-pitch.ts';
import { builtFile } from './app-under-test.ts';

const eventSchema = z.strictObject({ timeSeconds: z.number(), uncertaintySeconds: z.number().nonnegative() });
const metricSchema = z.union([
  z.strictObject({
    value: z.number(),
    unit: z.string(),
    interval: z.tuple([z.number(), z.number()]),
    norm: z.looseObject({ mean: z.number(), sd: z.number(), source: z.string() }).optional(),
  }),
  z.strictObject({ notMeasurable: z.string().min(1) }),
]);
const eventIds = [
  ...(['firstMovement', 'peakKneeHeight', 'footContact'] as const),
  ...(['maximumExternalRotation', 'release', 'maximumInternalRotation'] as const),
];
const reportSchema = z.object({
  warnings: z.array(z.string()),
  repetitions: z
    .array(
      z.object({
        hand: z.enum(['left', 'right']),
        events: z.record(z.enum(eventIds), eventSchema),
        metrics: z.record(z.string(), metricSchema),
      }),
    )
    .length(1),
});
const metricIds = [
  ...['strideLengthPercentHeight', 'shoulderAbductionAtFootContact', 'shoulderExternalRotationAtFootContact'],
  ...['shoulderHorizontalAbductionAtFootContact', 'elbowFlexionAtFootContact', 'maximumElbowFlexion'],
  ...['maximumShoulderExternalRotation', 'maximumHipShoulderSeparation', 'trunkForwardTiltAtRelease'],
  ...['trunkLateralTiltAtRelease', 'leadKneeExtensionToRelease', 'pelvisPeakRotationSpeed'],
  ...['trunkPeakRotationSpeed', 'pelvisToTrunkPeakLag', 'armSlot'],
];

const from = 0.1;
const pitch = drawnPitch({ framesPerSecond: 120, fromSeconds: from, toSeconds: 1.9 });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-measure-'));
  await writeFile(join(folder, 'right.trc'), motionToTrc(pitch, 'right.trc'));
  await writeFile(join(folder, 'left.c3d'), motionToC3d(mirrored(pitch)));
  await writeFile(join(folder, 'joints.npy'), writeH36mNpy(pitch));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function measure(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [builtFile('measure.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function report(...args: string[]) {
  const { status, stdout, stderr } = measure(...args, '--json');
  expect(status, stderr).toBe(0);
  const parsed = reportSchema.parse(JSON.parse(stdout));
  const [repetition] = parsed.repetitions;
  if (repetition === undefined) throw new Error('no repetition');
  return { ...repetition, warnings: parsed.warnings };
}

describe.skipIf(!existsSync(builtFile('measure.js')))('the command that measures motions (needs the built app)', () => {
  it('prints events and metrics of a TRC and of a mirrored C3D alike', () => {
    const right = report('right.trc', '--height', String(drawnHeightMetres));
    const left = report('left.c3d', '--profile', 'pitching', '--height', String(drawnHeightMetres));
    expect([right.hand, left.hand]).toEqual(['right', 'left']);
    expect(right.warnings).toEqual([]);
    for (const id of metricIds) {
      const [metric, other] = [right.metrics[id], left.metrics[id]];
      if (!metric || !other || !('value' in metric) || !('value' in other)) throw new Error(`${id} is not measured`);
      expect(Math.abs(metric.value - other.value), id).toBeLessThan(0.05 + 0.001 * Math.abs(metric.value));
      expect(metric.interval[0] <= metric.value && metric.value <= metric.interval[1], id).toBe(true);
    }
    // A file's clock starts where its first frame does: the TRC's own, the C3D's at zero.
    expect(Math.abs(right.events.release.timeSeconds - drawnTimes.ballRelease)).toBeLessThan(1 / 120);
    expect(Math.abs(left.events.release.timeSeconds + from - drawnTimes.ballRelease)).toBeLessThan(1 / 120);
    expect(measure('right.trc').stdout).toMatch(/^Repetition 1, right-handed\n {2}firstMovement: /);
  });

  it('takes the rate of a NumPy file from where it is said, and measures no speeds where it is not', async () => {
    const said = report('joints.npy', '--fps', '120');
    expect('value' in (said.metrics['trunkPeakRotationSpeed'] ?? {})).toBe(true);
    const unsaid = report('joints.npy');
    expect(unsaid.warnings).toHaveLength(1);
    expect(unsaid.metrics['trunkPeakRotationSpeed']).toEqual({ notMeasurable: expect.stringContaining('--fps') });
    const [angle, same] = [unsaid.metrics['elbowFlexionAtFootContact'], said.metrics['elbowFlexionAtFootContact']];
    if (!angle || !same || !('value' in angle) || !('value' in same)) throw new Error('the elbow is not measured');
    expect(Math.abs(angle.value - same.value)).toBeLessThan(6);
    await writeFile(join(folder, 'time.npy'), encodeNpy(pitch.timesSeconds, [pitch.timesSeconds.length]));
    expect(report('joints.npy').warnings).toEqual([]);
  });

  it('holds a pitch against another and against the norm', () => {
    const schema = z.object({
      repetitions: z.array(
        z.object({
          comparison: z.object({
            metrics: z.array(z.object({ id: z.string(), isDifference: z.boolean().optional() })),
            phases: z.array(z.object({ id: z.string(), shareDifference: z.number(), isDifference: z.boolean() })),
            similarity: z.looseObject({ score: z.number(), interval: z.tuple([z.number(), z.number()]) }),
          }),
        }),
      ),
    });
    const against = (reference: string) => {
      const { stdout, stderr } = measure('right.trc', '--reference', reference, '--json');
      const comparison = schema.parse(JSON.parse(stdout)).repetitions[0]?.comparison;
      if (comparison === undefined) throw new Error(`nothing is compared: ${stderr}`);
      return comparison;
    };
    const mirror = against('left.c3d');
    expect(mirror.similarity.score).toBeGreaterThan(9.9);
    expect(mirror.metrics.filter(({ isDifference }) => isDifference)).toEqual([]);
    expect(mirror.metrics.map(({ id }) => id)).toEqual(expect.arrayContaining(metricIds));
    expect(mirror.phases.map(({ isDifference }) => isDifference)).toEqual(Array(5).fill(false));
    const norm = against('norm');
    expect(norm.similarity.score).toBeLessThan(9.9);
    expect(norm.similarity.interval[0]).toBeGreaterThan(6);
    expect(measure('right.trc', '--reference', 'left.c3d').stdout).toMatch(
      /\nRepetition 1 against the reference\n {2}alike: (10\.0|9\.9) of 10 /,
    );
  });

  it.each([
    ['no motion', []],
    ['a reference that is not there', ['right.trc', '--reference', 'nowhere.trc']],
    ['a norm where there is none', ['right.trc', '--profile', 'any', '--reference', 'norm']],
    ['no file', ['nowhere.trc']],
    ['two files', ['right.trc', 'left.c3d']],
    ['an unknown profile', ['right.trc', '--profile', 'cricket']],
    ['an unknown hand', ['right.trc', '--hand', 'both']],
    ['a folder that is no analysis', ['.']],
    ['an unknown option', ['right.trc', '--reference-folder', 'x']],
  ])('refuses %s with a code and a sentence', (_, args) => {
    const { status, stdout, stderr } = measure(...args, '--json');
    expect(status).toBe(1);
    const { error } = z
      .strictObject({ error: z.object({ code: z.string(), message: z.string() }) })
      .parse(JSON.parse(stdout));
    expect(error.code).toBe('INVALID_INPUT');
    expect(stderr.trim()).toBe(error.message.trim());
  });
});
