import { AppError } from '../protocol/errors.ts';

/** The code that Node gives a failed file operation, such as ENOENT. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function isMissingFile(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Turns a failed file operation into an AppError: DISK_FULL where space or quota ran out, else INTERNAL. */
export function toStorageError(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const code = errorCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', 'The disk is full. Free some space and try again.', { cause: error });
  }
  const reason =
    code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'it is not allowed to' : (code ?? 'unknown');
  return new AppError('INTERNAL', `Shadow Trainer could not ${doing} (${reason}).`, { cause: error });
}
