import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Settings, settingsSchema } from '../../contract/calls.ts';

export interface SettingsStore {
  get(): Settings;
  set(settings: Settings): Promise<Settings>;
}

/** Settings in one JSON file. A damaged file gives the defaults and is kept beside as `.damaged`. */
export async function openSettingsStore(path: string): Promise<SettingsStore> {
  let current = settingsSchema.parse({});
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    try {
      current = settingsSchema.parse(JSON.parse(text));
    } catch {
      await rename(path, `${path}.damaged`);
    }
  }
  return {
    get: () => current,
    async set(settings) {
      current = settingsSchema.parse(settings);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.part`, JSON.stringify(current, undefined, 2));
      await rename(`${path}.part`, path);
      return current;
    },
  };
}
