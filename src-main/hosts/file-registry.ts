import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { FileReference } from '../contract/bridge.ts';

/** Files that a coach handed to the window: it holds an id, only the host knows the path. */
export interface FileRegistry {
  register(path: string, name?: string): FileReference;
  pathOf(id: string): string | undefined;
}

export function createFileRegistry(): FileRegistry {
  const paths = new Map<string, string>();
  return {
    register(path, name = basename(path)) {
      const id = randomUUID();
      paths.set(id, path);
      return { id, name };
    },
    pathOf: (id) => paths.get(id),
  };
}
