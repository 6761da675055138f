/** Renders a recipe into a clip and what is known of it, once: later calls find both in the cache. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeClip } from './athlete/encode-clip.ts';
import { type FilmedClip, filmClip } from './athlete/film/film-clip.ts';
import { openRenderer, type Picture, type Renderer } from './athlete/render-scene.ts';
import type { ClipRecipe } from './clip-recipe.ts';
import type { ClipTruth } from './clip-truth.ts';

/** Raise it whenever the same recipe gives other pictures or another truth. */
const rendererVersion = 4;

export interface RenderOptions {
  readonly cacheFolder: string;
  readonly chromiumPath: string;
  readonly ffmpegPath: string;
  readonly signal?: AbortSignal;
}

export interface RenderedClip {
  /** MP4. */
  readonly clipPath: string;
  readonly truth: ClipTruth;
}

export interface ClipRenderer {
  /** One clip at a time; a clip that is cached needs no browser. */
  render(recipe: ClipRecipe, signal?: AbortSignal): Promise<RenderedClip>;
  close(): Promise<void>;
}

/** Renders one clip: see `openClipRenderer` for many. */
export async function renderClip(recipe: ClipRecipe, options: RenderOptions): Promise<RenderedClip> {
  const renderer = openClipRenderer(options);
  try {
    return await renderer.render(recipe, options.signal);
  } finally {
    await renderer.close();
  }
}

/** Keeps one browser for many clips; it starts with the first clip that is not in the cache. */
export function openClipRenderer(options: RenderOptions): ClipRenderer {
  let browser: Promise<Renderer> | undefined;
  let cleaned: Promise<void> | undefined;
  return {
    async render(recipe, signal = options.signal) {
      signal?.throwIfAborted();
      const folder = join(options.cacheFolder, cacheName(recipe));
      const clipPath = join(folder, 'clip.mp4');
      const known = await readTruth(folder);
      if (known) return { clipPath, truth: known };
      cleaned ??= removeLeftDrafts(options.cacheFolder);
      await cleaned;
      const clip = filmClip(recipe);
      browser ??= openRenderer(options.chromiumPath);
      const renderer = await browser;
      // Written beside its place and moved there whole: a half-written clip is never found.
      const draft = `${folder}.${randomUUID()}`;
      await mkdir(draft, { recursive: true });
      try {
        await renderer.setUp(clip.scene());
        await encodeClip(
          {
            ffmpegPath: options.ffmpegPath,
            outputPath: join(draft, 'clip.mp4'),
            width: recipe.camera.width,
            height: recipe.camera.height,
            framesPerSecond: recipe.camera.framesPerSecond,
            constantRateFactor: recipe.picture.compression,
            noise: { deviation: recipe.picture.noise, seed: recipe.camera.seed },
            preset: 'veryfast',
          },
          pictures(renderer, clip, signal),
        );
        await writeFile(join(draft, 'truth.json'), JSON.stringify(clip.truth));
        await rename(draft, folder).catch(async (problem: unknown) => {
          // Someone else was faster with the same clip.
          if ((await readTruth(folder)) === undefined) throw problem;
        });
      } finally {
        await rm(draft, { recursive: true, force: true });
      }
      return { clipPath, truth: clip.truth };
    },
    async close() {
      await (await browser)?.close();
    },
  };
}

/** A renderer that is at work writes to its draft all the time: what has rested for so long was left by one that died. */
const longestRestMilliseconds = 3_600_000;
const draftName = /\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function removeLeftDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const draft of names.filter((name) => draftName.test(name)).map((name) => join(folder, name))) {
    const files = await readdir(draft).catch(() => []);
    const times = await Promise.all([draft, ...files.map((file) => join(draft, file))].map(lastWritten));
    if (Math.max(...times) < Date.now() - longestRestMilliseconds) await rm(draft, { recursive: true, force: true });
  }
}

/** Now, for what has just been moved to its place. */
async function lastWritten(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
}

async function* pictures(
  renderer: Renderer,
  clip: FilmedClip,
  signal: AbortSignal | undefined,
): AsyncGenerator<Picture> {
  for (let index = 0; index < clip.frameCount; index++) {
    signal?.throwIfAborted();
    yield await renderer.draw(clip.frame(index));
  }
}

/** The name in front is for people who look into the folder. */
function cacheName(recipe: ClipRecipe): string {
  const { name, ...content } = recipe;
  const hash = createHash('sha256')
    .update(JSON.stringify([rendererVersion, sorted(content)]))
    .digest('hex');
  return `${name.replaceAll(/[^\w.-]+/g, '-')}-${hash.slice(0, 20)}`;
}

/** The same content gives the same text, in whatever order its members were written. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, sorted(member)]);
}

async function readTruth(folder: string): Promise<ClipTruth | undefined> {
  try {
    // Our own file, written whole by this program.
    return JSON.parse(await readFile(join(folder, 'truth.json'), 'utf8')) as ClipTruth;
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
    throw problem;
  }
}
