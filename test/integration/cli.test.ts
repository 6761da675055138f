/** `npm run -s analyze` as a shell runs it: exit codes, what goes to which stream, and what is left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { read as readWorkbook } from '@e965/xlsx';
import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { analysisFiles } from '../../worker/protocol/analysis.ts';
import { builtFile, processesOf, until } from './app-under-test.ts';
import { madeClips, testPicture } from './media-made-clips.ts';
import { makePersonClip, personSource } from './person-clip.ts';

const resultSchema = z.strictObject({
  clip: z.string(),
  analysisFolder: z.string(),
  frames: z.number(),
  framesWithPose: z.number(),
  people: z.number(),
  model: z.string(),
  quality: z.string(),
  device: z.string(),
  workers: z.number(),
  seconds: z.number().positive(),
  framesPerSecond: z.number().positive(),
  exports: z.record(z.string(), z.string()).optional(),
});
const errorSchema = z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) });

const samplePath = resolve(import.meta.dirname, '../fixtures/sample/pitch.mp4');
const isBuilt = ['cli.js', 'worker.js', 'redis-guard.js'].every((name) => existsSync(builtFile(name)));
const clips = madeClips();
afterAll(() => clips.remove());
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

function start(args: readonly string[], program = 'cli.js') {
  const child = spawn(process.execPath, [builtFile(program), ...args], {
    env: { ...process.env, SHADOW_TRAINER_DATA: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    output.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    output.stderr += data.toString();
  });
  const ended = once(child, 'close').then(([code]) => ({ ...output, code: code as number | null }));
  return { child, output, ended };
}

const run = (...args: string[]) => start(args).ended;
const lastLine = (text: string): unknown => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');

/** One page for the one pitch, with a picture of every moment and letters that a reader understands. */
async function expectReport(path: string): Promise<void> {
  const report = await getDocument({ data: new Uint8Array(await readFile(path)), verbosity: 0 }).promise;
  expect(report.numPages).toBe(1);
  const page = await report.getPage(1);
  const { items } = await page.getTextContent();
  const text = items.map((item) => ('str' in item ? item.str : '')).join('\n');
  for (const words of ['pitch.mp4', 'Repetition 1 of 1', 'Foot contact', 'Release', '°', '±', '60 frames a second']) {
    expect(text).toContain(words);
  }
  const { fnArray } = await page.getOperatorList();
  expect(fnArray.filter((operation) => operation === OPS.paintImageXObject)).toHaveLength(6);
  await report.destroy();
}

describe.skipIf(!isBuilt)('the terminal command (needs the built app)', () => {
  it.skipIf(!existsSync(samplePath))('analyses the sample, once (needs the sample clip)', async () => {
    const out = join(folder, 'out');
    const kinds = ['pdf', 'xlsx', 'csv', 'json', 'c3d', 'trc', 'mot', 'npy', 'npz'];
    const wanted = ['--overlay', '--export', kinds.join(',')];
    const first = await run('--json', '--model', 'lite', '--out', out, ...wanted, '--workers', '1');
    expect(first.code, first.stderr).toBe(0);
    const result = resultSchema.parse(lastLine(first.stdout));
    expect(result).toMatchObject({ analysisFolder: out, model: 'blazepose-lite', quality: 'standard', workers: 1 });
    expect(result.device).toBe('cpu');
    expect(result.clip).toBe(samplePath);
    expect(result.framesWithPose).toBeGreaterThan(0);
    const exported = kinds.map((kind) => `pitch.${kind}`);
    expect((await readdir(out)).sort()).toEqual([...Object.values(analysisFiles), 'overlay.mp4', ...exported].sort());
    expect(result.exports).toEqual(Object.fromEntries(kinds.map((kind) => [kind, join(out, `pitch.${kind}`)])));
    await expectReport(join(out, 'pitch.pdf'));
    const workbook = readWorkbook(await readFile(join(out, 'pitch.xlsx')));
    expect(workbook.SheetNames).toEqual(['Summary', 'Repetition 1', 'Frames']);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    // A log is no place for a progress bar.
    expect(first.stderr).toBe('');

    const again = await run('--model', 'lite');
    expect(again.code, again.stderr).toBe(0);
    const stored = again.stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(stored.startsWith(folder)).toBe(true);
    const text = await readFile(join(stored, 'analysis.json'), 'utf8');
    expect(text).toBe(await readFile(join(out, 'analysis.json'), 'utf8'));
    const measured = await start([out, '--json'], 'measure.js').ended;
    expect(measured.code, measured.stderr).toBe(0);
    const remeasured = await start([join(out, 'pitch.c3d'), '--json'], 'measure.js').ended;
    expect(lastLine(remeasured.stdout), remeasured.stderr).toMatchObject({ repetitions: [{ hand: 'right' }] });
    const { repetitions } = z
      .object({
        repetitions: z.tuple([
          z.object({
            hand: z.literal('right'),
            events: z.object({ release: z.object({ timeSeconds: z.number() }) }),
            metrics: z.object({ strideLengthPercentHeight: z.object({ notMeasurable: z.string() }) }),
          }),
        ]),
      })
      .parse(lastLine(measured.stdout));
    // The ball was drawn leaving the hand at 1.697 s.
    expect(Math.abs(repetitions[0].events.release.timeSeconds - 1.697)).toBeLessThan(0.05);
    expect(processesOf(folder)).toEqual([]);
  });

  it.skipIf(personSource === undefined)(
    'gives the same numbers with one worker and with two (needs the sample or the real clips)',
    async () => {
      // Three chunks, so that two workers have something to share.
      const clip = makePersonClip(clips, 130);
      const numbers = async (workers: string) => {
        const out = join(folder, `out-${workers}`);
        const child = spawn(
          process.execPath,
          [builtFile('cli.js'), clip, '--model', 'lite', '--workers', workers, '--out', out],
          { env: { ...process.env, SHADOW_TRAINER_DATA: join(folder, `data-${workers}`) }, stdio: 'ignore' },
        );
        expect(await once(child, 'exit')).toEqual([0, null]);
        const arrays = Object.values(analysisFiles).filter((name) => name.endsWith('.npy'));
        return await Promise.all(arrays.map(async (name) => (await readFile(join(out, name))).toString('base64')));
      };
      expect(await numbers('2')).toEqual(await numbers('1'));
    },
  );

  it('refuses with 2 and one sentence on standard error', async () => {
    const missing = await run(join(folder, 'nowhere.mp4'), '--json');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toBe('There is no file nowhere.mp4.\n');
    expect(errorSchema.parse(lastLine(missing.stdout)).error.code).toBe('CLIP_NOT_FOUND');

    const sound = clips.make('sound.m4a', '-f', 'lavfi', '-i', 'sine=d=1');
    const refused = await run(sound);
    expect(refused.code).toBe(2);
    expect(refused.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(refused.stdout).toBe('');

    const nobody = clips.make('nobody.mp4', ...testPicture({ seconds: 1 }));
    const empty = await run(nobody, '--json');
    expect(errorSchema.parse(lastLine(empty.stdout)).error.code).toBe('NO_ATHLETE_FOUND');
    expect(empty.code).toBe(2);
  });

  it('says with 1 what is wrong with the command itself', async () => {
    const model = await run('--model', 'huge', '--json');
    expect(model.code).toBe(1);
    expect(errorSchema.parse(lastLine(model.stdout)).error).toEqual({
      code: 'INVALID_INPUT',
      message: 'The model is lite, full or heavy.',
    });
    expect((await run('--export', 'pdf,docx')).stderr).toContain('What can be exported is pdf, xlsx, csv,');
    expect((await run('--quality', 'perfect')).stderr).toContain('The quality is fast, standard or best.');
    expect((await run('--workers', 'many')).code).toBe(1);
    expect((await run('--nonsense')).stderr).toContain('Usage:');
    expect((await run('--help')).stdout).toContain('Usage:');
  });

  it('ctrl-C ends it soon and in order, kill -9 at once, and neither leaves a process behind', async () => {
    const picture = testPicture({ seconds: 60, size: '640x360' });
    const long = clips.make('long.mp4', ...picture, ...['-c:v', 'libx264', '-preset', 'ultrafast']);
    const atWork = () => processesOf(folder).some((command) => command.includes('ffmpeg'));

    const polite = start([long, '--json']);
    await until('ffmpeg runs', atWork);
    const asked = performance.now();
    polite.child.kill('SIGINT');
    const { code, stdout } = await polite.ended;
    expect(performance.now() - asked).toBeLessThan(5000);
    expect(code).toBe(1);
    expect(errorSchema.parse(lastLine(stdout)).error.code).toBe('CANCELLED');
    expect(processesOf(folder)).toEqual([]);
    expect(await readdir(join(folder, 'running'))).toEqual([]);

    const killed = start([resolve(long)]);
    await until('ffmpeg runs again', atWork);
    killed.child.kill('SIGKILL');
    await until('nothing is left', () => processesOf(folder).length === 0, 10);
  });
});
