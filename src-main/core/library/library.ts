/** The clips a coach has added: one small JSON each, the clip itself in the asset store. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type AssetReference, assetReferenceSchema } from '../../../worker/protocol/assets.ts';
import { clipPlaybackSchema, clipProbeSchema } from '../../../worker/protocol/clip.ts';
import { AppError, failureSchema } from '../../../worker/protocol/errors.ts';
import type { ClipView } from '../../contract/calls.ts';

const recordSchema = z.object({
  clip: assetReferenceSchema,
  name: z.string(),
  addedAt: z.string(),
  probe: clipProbeSchema.optional(),
  playback: clipPlaybackSchema.optional(),
  analysisIds: z.array(z.string()),
  failure: failureSchema.optional(),
});

export interface Library {
  /** Newest first. */
  list(): ClipView[];
  /** Throws AppError NOT_FOUND. */
  get(clipSha256: string): ClipView;
  add(clip: AssetReference, name: string): Promise<ClipView>;
  update(clipSha256: string, change: (clip: ClipView) => ClipView): Promise<void>;
  remove(clipSha256: string): Promise<void>;
}

export async function openLibrary(options: {
  readonly directory: string;
  readonly onChange: (clip: ClipView) => void;
}): Promise<Library> {
  await mkdir(options.directory, { recursive: true });
  const clips = new Map<string, ClipView>();
  for (const file of await readdir(options.directory)) {
    if (!file.endsWith('.json')) continue;
    const parsed = recordSchema.safeParse(JSON.parse(await readFile(join(options.directory, file), 'utf8')));
    if (parsed.success) clips.set(parsed.data.clip.sha256, parsed.data);
  }

  const save = async (clip: ClipView): Promise<void> => {
    clips.set(clip.clip.sha256, clip);
    const path = join(options.directory, `${clip.clip.sha256}.json`);
    const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.part`;
    await writeFile(temporary, JSON.stringify(clip));
    await rename(temporary, path);
    options.onChange(clip);
  };
  const get = (clipSha256: string): ClipView => {
    const clip = clips.get(clipSha256);
    if (clip === undefined) throw new AppError('NOT_FOUND', 'This clip is not in the library any more.');
    return clip;
  };

  return {
    list: () => [...clips.values()].sort((a, b) => b.addedAt.localeCompare(a.addedAt)),
    get,
    async add(clip, name) {
      const known = clips.get(clip.sha256);
      const record = known ?? { clip, name, addedAt: new Date().toISOString(), analysisIds: [] };
      await save(record);
      return record;
    },
    async update(clipSha256, change) {
      const before = clips.get(clipSha256);
      if (before === undefined) return;
      const after = change(before);
      if (JSON.stringify(after) !== JSON.stringify(before)) await save(after);
    },
    async remove(clipSha256) {
      get(clipSha256);
      clips.delete(clipSha256);
      await rm(join(options.directory, `${clipSha256}.json`), { force: true });
    },
  };
}
