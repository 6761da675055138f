/** MediaPipe's own runtime (WebAssembly and WebGL, the very package our weights come from) in headless Chromium. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { findChromium } from '../../scripts/setup/find-chromium.mjs';
import type { RgbImage } from '../../worker/pipeline/ports.ts';

const packageDirectory = resolve(import.meta.dirname, '../../node_modules/@mediapipe/pose');
const origin = 'http://mediapipe.test';
const complexities = { lite: 0, full: 1, heavy: 2 } as const;

export interface MediaPipePose {
  /** [33 × 4]: x, y in image pixels, z, visibility. */
  readonly landmarks: readonly (readonly [number, number, number, number])[];
  /** [33 × 3]: metres. */
  readonly world: readonly (readonly [number, number, number])[];
}

export interface MediaPipeRuntime {
  /** One still: a fresh detection, no smoothing. Undefined where nobody is found. */
  still(image: RgbImage): Promise<MediaPipePose | undefined>;
  /** Milliseconds per frame of its tracking mode over consecutive frames, upload included, without the first. */
  track(images: readonly RgbImage[]): Promise<number[]>;
  close(): Promise<void>;
}

/** What the page offers; see `pageScript`. */
interface PageApi {
  load(pixels: string, width: number, height: number): Promise<void>;
  run(reset: boolean): Promise<{ milliseconds: number; pose: MediaPipePose | undefined }>;
}
declare global {
  var mediaPipePage: PageApi;
}

export async function startMediaPipeRuntime(variant: keyof typeof complexities): Promise<MediaPipeRuntime> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium to run MediaPipe in: run `npm run setup`.');
  const browser = await chromium.launch({
    executablePath,
    // Chromium's own choice of WebGL, drawn in software where there is no card: by measurement MediaPipe's fastest.
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--enable-unsafe-swiftshader'],
  });
  const page = await browser.newPage();
  // Transpilers that keep function names call this helper, also in code that runs in the page.
  await page.addInitScript('globalThis.__name = (named) => named');
  await servePackage(page);
  await page.goto(`${origin}/`);
  await page.addScriptTag({ url: `${origin}/pose.js` });
  await page.evaluate(pageScript, { complexity: complexities[variant], origin });

  const load = async (image: RgbImage): Promise<void> => {
    const pixels = Buffer.from(image.data.buffer, image.data.byteOffset, image.data.byteLength).toString('base64');
    await page.evaluate(([text, width, height]) => globalThis.mediaPipePage.load(text, width, height), [
      pixels,
      image.width,
      image.height,
    ] as const);
  };
  return {
    async still(image) {
      await load(image);
      return (await page.evaluate(() => globalThis.mediaPipePage.run(true))).pose;
    },
    async track(images) {
      const milliseconds: number[] = [];
      for (const [i, image] of images.entries()) {
        await load(image);
        const run = await page.evaluate((reset) => globalThis.mediaPipePage.run(reset), i === 0);
        if (i > 0) milliseconds.push(run.milliseconds);
      }
      return milliseconds;
    },
    close: () => browser.close(),
  };
}

async function servePackage(page: Page): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return await route.fulfill({ contentType: 'text/html', body: '<!doctype html><canvas></canvas>' });
    const contentType = name.endsWith('.js')
      ? 'text/javascript'
      : name.endsWith('.wasm')
        ? 'application/wasm'
        : 'application/octet-stream';
    const body = await readFile(join(packageDirectory, name)).catch(() => undefined);
    return body ? await route.fulfill({ contentType, body }) : await route.fulfill({ status: 404 });
  });
}

/** Runs in the page. */
function pageScript({ complexity, origin: base }: { complexity: number; origin: string }): void {
  interface Landmark {
    x: number;
    y: number;
    z: number;
    visibility: number;
  }
  interface Results {
    poseLandmarks?: Landmark[];
    poseWorldLandmarks?: Landmark[];
  }
  interface Solution {
    setOptions(options: object): void;
    onResults(listener: (results: Results) => void): void;
    send(input: { image: HTMLCanvasElement }): Promise<void>;
    reset(): void;
  }
  const { Pose } = globalThis as unknown as { Pose: new (options: object) => Solution };
  const pose = new Pose({ locateFile: (file: string) => `${base}/${file}` });
  // Its default, WebGL, computes the networks less exactly: landmarks move by some pixels, and no converted weights could
  // agree with it. On the processor it runs the same TFLite files in float32.
  const exact = { useCpuInference: true };
  pose.setOptions({ modelComplexity: complexity, smoothLandmarks: false, enableSegmentation: false, ...exact });
  let results: Results = {};
  pose.onResults((latest) => {
    results = latest;
  });
  const canvas = document.querySelector('canvas') as HTMLCanvasElement;
  const blank = document.createElement('canvas');
  blank.width = 64;
  blank.height = 64;
  blank.getContext('2d')?.fillRect(0, 0, blank.width, blank.height);
  globalThis.mediaPipePage = {
    async load(text, width, height) {
      const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const pixels = new ImageData(width, height);
      for (let i = 0, o = 0; i < bytes.length; i += 3, o += 4) {
        pixels.data[o] = bytes[i] ?? 0;
        pixels.data[o + 1] = bytes[i + 1] ?? 0;
        pixels.data[o + 2] = bytes[i + 2] ?? 0;
        pixels.data[o + 3] = 255;
      }
      canvas.width = width;
      canvas.height = height;
      canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    },
    async run(reset) {
      // A picture without a person ends tracking, as reset() does, and does not rebuild the graph, which takes seconds.
      if (reset) await pose.send({ image: blank });
      results = {};
      const started = performance.now();
      await pose.send({ image: canvas });
      const milliseconds = performance.now() - started;
      const { poseLandmarks, poseWorldLandmarks } = results;
      if (!poseLandmarks || !poseWorldLandmarks) return { milliseconds, pose: undefined };
      return {
        milliseconds,
        pose: {
          landmarks: poseLandmarks.map(({ x, y, z, visibility }) => [
            x * canvas.width,
            y * canvas.height,
            z,
            visibility,
          ]),
          world: poseWorldLandmarks.map(({ x, y, z }) => [x, y, z]),
        },
      };
    },
  };
}
