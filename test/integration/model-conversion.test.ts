import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { convertBlazePose } from '../../models/blazepose/convert-blazepose.ts';
import { poseModels } from '../../models/registry.ts';

const packageDirectory = resolve(import.meta.dirname, '../../node_modules/@mediapipe/pose');
const expected = new Map(
  Object.values(poseModels).flatMap(({ detector, landmarks }) =>
    [detector, landmarks].map(({ file, sha256 }) => [file, sha256] as const),
  ),
);

describe('making the weights of BlazePose', () => {
  let outputDirectory: string;
  beforeEach(async () => {
    outputDirectory = await mkdtemp(join(tmpdir(), 'shadow-trainer-weights-'));
  });
  afterEach(async () => {
    await rm(outputDirectory, { recursive: true, force: true });
  });

  it('gives the bytes of the registry, once; replaces a damaged file and leaves the others', {
    timeout: 60_000,
  }, async () => {
    const first = await convertBlazePose({ packageDirectory, outputDirectory });
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set(['converted']));
    expect(new Map(first.map(({ file, sha256 }) => [file, sha256]))).toEqual(expected);
    expect(new Set(await readdir(outputDirectory))).toEqual(new Set(expected.keys()));
    for (const [file, sha256] of expected) expect(await sha256Of(join(outputDirectory, file))).toBe(sha256);

    const damaged = poseModels['blazepose-lite'].landmarks;
    const untouched = join(outputDirectory, poseModels['blazepose-lite'].detector.file);
    const { mtimeMs } = await stat(untouched);
    await writeFile(join(outputDirectory, damaged.file), 'not a model');
    const second = await convertBlazePose({ packageDirectory, outputDirectory });
    expect(second.filter(({ status }) => status === 'converted').map(({ file }) => file)).toEqual([damaged.file]);
    expect(await sha256Of(join(outputDirectory, damaged.file))).toBe(damaged.sha256);
    expect((await stat(untouched)).mtimeMs).toBe(mtimeMs);
  });

  it('names the package when it is not there, and leaves no part of a file', async () => {
    const packageless = { packageDirectory: join(outputDirectory, 'nowhere'), outputDirectory };
    await expect(convertBlazePose(packageless)).rejects.toThrow('@mediapipe/pose');
    expect(await readdir(outputDirectory)).toEqual([]);
  });
});

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
