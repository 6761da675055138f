import { chromium } from 'playwright';
import type { AthletePart } from './body/athlete-parts.ts';
import { buildPage } from './page/build-page.ts';
import type { AthleteStage, DrawnArea, FrameData, PartData, SceneData } from './scene/scene.ts';

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
    let size = { width: 0, height: 0 };
    let picture: Picture = new Uint8Array();
    return {
      async setUp(scene) {
        size = { width: scene.view.width, height: scene.view.height };
        picture = new Uint8Array(size.width * size.height * 4);
        await page.evaluate(
          (data) => (globalThis as unknown as { athleteStage: AthleteStage }).athleteStage.setUp(data),
          scene,
        );
      },
      async draw(frame) {
        const areas = await page.evaluate(
          (data) => (globalThis as unknown as { athleteStage: AthleteStage }).athleteStage.draw(data),
          frame,
        );
        picture = withAreas(picture, size, areas);
        return picture;
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The picture before with what changed in it, as a new one: the encoder may still be reading the old. */
function withAreas(
  before: Picture,
  size: { readonly width: number; readonly height: number },
  areas: readonly DrawnArea[],
): Picture {
  const next = Uint8Array.from(before);
  for (const area of areas) {
    const rows = Buffer.from(area.pixels, 'base64');
    const bytes = area.width * 4;
    for (let row = 0; row < area.height; row++) {
      const y = size.height - 1 - (area.y + row);
      next.set(rows.subarray(row * bytes, (row + 1) * bytes), (y * size.width + area.x) * 4);
    }
  }
  return next;
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
