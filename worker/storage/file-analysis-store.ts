import { access, mkdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AnalysisStore } from '../pipeline/ports.ts';
import { analysisFiles } from '../protocol/analysis.ts';
import { sha256Schema } from '../protocol/assets.ts';
import { AppError } from '../protocol/errors.ts';
import { moveIntoPlace, syncDirectory, temporaryPath, writeDurably } from './place-file.ts';
import { errorCodeOf, isMissingFile, toStorageError } from './storage-error.ts';

/** What a rename says when the target folder is there already: Linux and macOS, or Windows. */
const targetExists = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES']);

export interface FileAnalysisStore extends AnalysisStore {
  /** Nothing happens when it is not there. */
  remove(analysisId: string): Promise<void>;
}

/** One folder per analysis. Whoever writes first wins: the same id means the same numbers. */
export function createFileAnalysisStore(options: {
  readonly directory: string;
  readonly temporaryDirectory: string;
}): FileAnalysisStore {
  const { directory, temporaryDirectory } = options;

  function folder(analysisId: string): string {
    if (!sha256Schema.safeParse(analysisId).success) {
      throw new AppError('INVALID_INPUT', 'This is not a valid analysis number.');
    }
    return join(directory, analysisId);
  }

  function fileIn(parent: string, file: string): string {
    if (file === '' || file === '.' || file === '..' || file !== basename(file) || file.includes('\\')) {
      throw new AppError('INVALID_INPUT', `An analysis has no file named ${file}.`);
    }
    return join(parent, file);
  }

  async function has(analysisId: string): Promise<boolean> {
    try {
      await access(join(folder(analysisId), analysisFiles.document));
      return true;
    } catch (error) {
      if (isMissingFile(error)) return false;
      throw toStorageError(error, 'look up an analysis');
    }
  }

  /** Moves what stands at the target out of the way in one step, then deletes it. */
  async function discard(target: string): Promise<void> {
    const aside = await temporaryPath(temporaryDirectory);
    try {
      await moveIntoPlace(target, aside);
    } catch (error) {
      if (!isMissingFile(error)) throw error;
    }
    await rm(aside, { recursive: true, force: true });
  }

  async function place(temporary: string, analysisId: string, mayDiscard: boolean): Promise<void> {
    try {
      await moveIntoPlace(temporary, folder(analysisId));
    } catch (error) {
      if (targetExists.has(errorCodeOf(error) ?? '') && (await has(analysisId))) return;
      if (!targetExists.has(errorCodeOf(error) ?? '') || !mayDiscard) throw error;
      // A folder without its document was damaged from outside: ours takes its place.
      await discard(folder(analysisId));
      await place(temporary, analysisId, false);
    }
  }

  return {
    has,
    folder,

    async write(analysisId, files) {
      if (await has(analysisId)) return;
      let temporary: string | undefined;
      try {
        temporary = await temporaryPath(temporaryDirectory);
        await mkdir(temporary);
        for (const [file, bytes] of files) await writeDurably(fileIn(temporary, file), bytes);
        await syncDirectory(temporary);
        await place(temporary, analysisId, true);
      } catch (error) {
        throw toStorageError(error, 'store the analysis');
      } finally {
        if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
      }
    },

    async read(analysisId, file) {
      try {
        return await readFile(fileIn(folder(analysisId), file));
      } catch (error) {
        if (!isMissingFile(error)) throw toStorageError(error, 'read the analysis');
        const message = 'This analysis is no longer on the disk. Analyse the clip again.';
        throw new AppError('NOT_FOUND', message, { cause: error });
      }
    },

    async remove(analysisId) {
      try {
        if (await has(analysisId)) await discard(folder(analysisId));
      } catch (error) {
        throw toStorageError(error, 'remove the analysis');
      }
    },
  };
}
