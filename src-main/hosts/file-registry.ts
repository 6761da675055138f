import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { FileReference } from '../contract/bridge.ts';
import type { HandedFiles } from '../core/app-dependencies.ts';

export interface RegisterOptions {
  readonly path: string;
  readonly name?: string;
  /** Called when the core has its own copy: an upload is deleted then, a coach's own file never. */
  readonly onRelease?: () => Promise<void>;
}

/** Files that a coach handed to the window: it holds an id, only the host knows the path. */
export interface FileRegistry extends HandedFiles {
  register(options: RegisterOptions): FileReference;
}

export function createFileRegistry(): FileRegistry {
  const files = new Map<string, RegisterOptions>();
  return {
    register(options) {
      const id = randomUUID();
      files.set(id, options);
      return { id, name: options.name ?? basename(options.path) };
    },
    pathOf: (id) => files.get(id)?.path,
    async release(id) {
      const file = files.get(id);
      files.delete(id);
      await file?.onRelease?.();
    },
  };
}
