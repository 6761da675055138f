import { chromium } from 'playwright';
import type { AthletePart } from './body/athlete-parts.ts';
import { buildPage } from './page/build-page.ts';
import type { AthleteStage, FrameData, PartData, SceneData } from './scene/scene.ts';

/** A drawn picture: packed 8-bit RGBA, top row first. */
export type Picture = Uint8Array;

export interface Renderer {
  /** Takes the place of an earlier scene. */
  setUp(scene: SceneData): Promise<void>;
  draw(frame: FrameData): Promise<Picture>;
  close(): Promise<void>;
}

/**
 * Opens a headless browser that draws frames of one scene after the other in software: the same pixels whether or not
 * the machine has a graphics card.
 */
export async function openRenderer(browserPath: string): Promise<Renderer> {
  const script = await buildPage();
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(error.message));
    await page.addScriptTag({ content: script });
    const ready = await page.evaluate(() => 'athleteStage' in globalThis);
    if (!ready) throw new Error(`The page did not start: ${said.join('; ')}`);
    const size = { width: 0, height: 0 };
    return {
      async setUp(scene) {
        Object.assign(size, { width: scene.view.width, height: scene.view.height });
        await page.evaluate(
          (data) => (globalThis as unknown as { athleteStage: AthleteStage }).athleteStage.setUp(data),
          scene,
        );
      },
      async draw(frame) {
        const pixels = await page.evaluate(
          (data) => (globalThis as unknown as { athleteStage: AthleteStage }).athleteStage.draw(data),
          frame,
        );
        return upright(Buffer.from(pixels, 'base64'), size.width, size.height);
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

function upright(pixels: Uint8Array, width: number, height: number): Picture {
  const turned = new Uint8Array(pixels.length);
  const row = width * 4;
  for (let y = 0; y < height; y++) turned.set(pixels.subarray(y * row, (y + 1) * row), (height - 1 - y) * row);
  return turned;
}

export function partData(part: AthletePart): PartData {
  const text = (values: Float32Array | Uint32Array | Uint8Array): string =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  return {
    name: part.name,
    positions: text(part.positions),
    normals: text(part.normals),
    triangles: text(part.triangles),
    bones: text(part.bones),
    weights: text(part.weights),
  };
}
