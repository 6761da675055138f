import type { z } from 'zod';
import { type Settings, settingsSchema } from '../../contract/calls.ts';
import { createJsonFile, readJsonFile } from '../json-file.ts';

export interface SettingsStore {
  get(): Settings;
  set(settings: z.input<typeof settingsSchema>): Promise<Settings>;
}

/** Settings in one JSON file. A damaged file gives the defaults and is kept beside as `.damaged`. */
export async function openSettingsStore(path: string): Promise<SettingsStore> {
  const file = createJsonFile(path);
  let current = (await readJsonFile(path, settingsSchema)) ?? settingsSchema.parse({});
  return {
    get: () => current,
    async set(settings) {
      const next = settingsSchema.parse(settings);
      await file.write(next);
      current = next;
      return next;
    },
  };
}
