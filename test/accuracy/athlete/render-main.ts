/**
 * Makes the shipped sample again: `npx tsx test/accuracy/athlete/render-main.ts [FOLDER]`.
 * Writes pitch.mp4 and truth.json; minutes of one processor core.
 */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../../scripts/setup/find-chromium.mjs';
import { findFfmpeg } from '../../../worker/media/find-ffmpeg.ts';
import { encodeClip } from './encode-clip.ts';
import { openRenderer, type Picture, type Renderer } from './render-scene.ts';
import { type SamplePitch, sample, samplePitch } from './sample.ts';
import { truthText } from './sample-truth.ts';

const mostBytes = 1_500_000;

async function main(folder: string): Promise<void> {
  const browserPath = findChromium();
  if (browserPath === undefined) throw new Error('Drawing the sample needs Chromium: install it, then try again.');
  const pitch = samplePitch();
  await writeFile(join(folder, 'truth.json'), truthText(pitch));
  const outputPath = join(folder, 'pitch.mp4');
  const renderer = await openRenderer(browserPath);
  try {
    await renderer.setUp(pitch.scene());
    const { width, height } = sample.camera;
    const { framesPerSecond, constantRateFactor } = sample;
    const request = { ffmpegPath: findFfmpeg(), outputPath, width, height, framesPerSecond, constantRateFactor };
    await encodeClip(request, pictures(renderer, pitch));
  } finally {
    await renderer.close();
  }
  const { size } = await stat(outputPath);
  console.log(`${outputPath}: ${pitch.frameCount} frames, ${size} bytes`);
  if (size > mostBytes) throw new Error(`The clip is larger than ${mostBytes} bytes`);
}

async function* pictures(renderer: Renderer, pitch: SamplePitch): AsyncGenerator<Picture> {
  for (let index = 0; index < pitch.frameCount; index++) {
    yield await renderer.draw(pitch.frame(index));
    if (index % 20 === 19) console.log(`frame ${index + 1} of ${pitch.frameCount}`);
  }
}

await main(process.argv[2] ?? fileURLToPath(new URL('../../fixtures/sample/', import.meta.url)));
