/** The clips a coach has added: one small JSON each, the clip itself in the asset store. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { AppError } from '../../../worker/protocol/errors.ts';
import { type ClipView, clipViewSchema } from '../../contract/calls.ts';
import { createJsonFile, type JsonFile, readJsonFile } from '../json-file.ts';

export interface Library {
  /** Newest first. */
  list(): ClipView[];
  /** Throws AppError NOT_FOUND. */
  get(clipSha256: string): ClipView;
  /** A clip that is there already stays as it is. */
  add(clip: AssetReference, name: string): Promise<ClipView>;
  /** Nothing happens when the clip is not there any more. */
  update(clipSha256: string, change: (clip: ClipView) => ClipView): Promise<void>;
  /** Throws AppError NOT_FOUND. */
  remove(clipSha256: string): Promise<void>;
}

/** A record that cannot be read is put aside; the rest of the library opens. */
export async function openLibrary(options: {
  readonly directory: string;
  readonly onChange: (clip: ClipView) => void;
}): Promise<Library> {
  const { directory, onChange } = options;
  const clips = new Map<string, ClipView>();
  const files = new Map<string, JsonFile>();
  const fileOf = (clipSha256: string): JsonFile => {
    const file = files.get(clipSha256) ?? createJsonFile(join(directory, `${clipSha256}.json`));
    files.set(clipSha256, file);
    return file;
  };

  await mkdir(directory, { recursive: true });
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.json')) continue;
    const clip = await readJsonFile(join(directory, name), clipViewSchema);
    if (clip) clips.set(clip.clip.sha256, clip);
  }

  const save = async (clip: ClipView): Promise<void> => {
    clips.set(clip.clip.sha256, clip);
    await fileOf(clip.clip.sha256).write(clip);
    onChange(clip);
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
      if (known) return known;
      const record: ClipView = { clip, name, addedAt: new Date().toISOString(), analysisIds: [] };
      try {
        await save(record);
      } catch (error) {
        clips.delete(clip.sha256);
        throw error;
      }
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
      await fileOf(clipSha256).remove();
    },
  };
}
