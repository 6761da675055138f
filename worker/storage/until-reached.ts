import { setTimeout as pause } from 'node:timers/promises';
import { AppError, CancelledError, throwIfAborted } from '../protocol/errors.ts';

/**
 * Tries again, after these pauses, while the team server cannot be reached. `hasMoved` says whether a vain attempt got
 * anywhere: then the pauses begin anew. Throws what `act` throws last, or CancelledError.
 */
export async function untilReached<T>(
  pausesMilliseconds: readonly number[],
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
  hasMoved: () => Promise<boolean> = async () => false,
): Promise<T> {
  for (let vain = 0; ; ) {
    if (signal) throwIfAborted(signal);
    try {
      return await act();
    } catch (error) {
      if (signal?.aborted) throw new CancelledError(undefined, { cause: error });
      if (!(error instanceof AppError) || error.code !== 'TEAM_UNREACHABLE') throw error;
      if (await hasMoved()) vain = 0;
      const wait = pausesMilliseconds[vain++];
      if (wait === undefined) throw error;
      await pause(wait, undefined, signal && { signal }).catch((cause: unknown) => {
        throw new CancelledError(undefined, { cause });
      });
    }
  }
}
