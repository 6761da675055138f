/** Learns one camera's errors from filmed pitches, and writes them where the product reads them. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../scripts/project-root.mjs';
import type { Measurement } from './measure-set.ts';
import { metricFigures } from './pitch-tables.ts';
import { fitOneCamera, heldOutScores } from './score/fit-one-camera.ts';

const calibrationPath = join(projectRoot, 'worker', 'biomechanics', 'one-camera-calibration.ts');

/** Some measured numbers look like π or √½. */
const lintNote = '// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: measured, not typed';

/**
 * What is written is learnt from all pitches; what is said of it is how it does on pitches that it did not learn from:
 * half of the athletes' seeds by the other half, both ways.
 */
export async function writeOneCamera(measurements: readonly Measurement[], say: (line: string) => void): Promise<void> {
  const pitches = measurements.flatMap(({ pitch, recipe }) => (pitch ? [{ ...pitch, seed: recipe.athlete.seed }] : []));
  const seeds = new Map(pitches.map((pitch) => [pitch.truth, pitch.seed]));
  const heldOut = heldOutScores(pitches, ({ truth }) => (seeds.get(truth) ?? 0) % 2);
  const { coverage90, notMeasurableShare } = metricFigures(heldOut.flatMap(({ metrics }) => metrics));
  const events = heldOut.flatMap((score) => score.events.filter(({ errorSeconds }) => Number.isFinite(errorSeconds)));
  const within = events.filter(({ errorSeconds, uncertaintySeconds }) => Math.abs(errorSeconds) <= uncertaintySeconds);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const held =
    `On athletes that it was not learnt from: ${percent(coverage90)} of the metrics' and ` +
    `${percent(within.length / events.length)} of the moments' 90 % intervals hold the truth, ` +
    `${percent(notMeasurableShare)} of the metrics are not measurable.`;
  say(held);
  const data = JSON.stringify(fitOneCamera(pitches), undefined, 2);
  const comment = `/**\n * Made by \`npm run accuracy -- --set full --calibrate\`, not written by hand: see one-camera.ts.\n * ${held}\n */`;
  await writeFile(calibrationPath, `${lintNote}\n${comment}\nexport const oneCameraCalibration = ${data} as const;\n`);
  const biome = join(projectRoot, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  await promisify(execFile)(process.execPath, [biome, 'format', '--write', calibrationPath], { cwd: projectRoot });
}
