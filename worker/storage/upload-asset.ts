/** One file to the team server, resumable at any byte (tus protocol). */
import { createReadStream } from 'node:fs';
import { DefaultHttpStack, type DetailedError, Upload } from 'tus-js-client';
import type { AssetReference } from '../protocol/assets.ts';
import { type AppError, CancelledError } from '../protocol/errors.ts';
import { teamPaths } from '../protocol/team.ts';
import { type TeamHttp, toRefusal, toTeamError } from './team-http.ts';

export interface UploadOptions {
  readonly http: TeamHttp;
  readonly reference: AssetReference;
  readonly path: string;
  readonly retryMilliseconds: readonly number[];
  readonly onProgress: (bytesDone: number) => void;
  readonly signal: AbortSignal;
}

/** A transfer in which nothing moves for this long goes on over a new connection; nothing that arrived is sent again. */
const silentMilliseconds = 20_000;
/** When all has been sent: checking a large file takes the server a while. */
const checkMilliseconds = 120_000;

/**
 * Resolves when the server has all bytes; whether it took them for an asset is asked afterwards. Throws AppError
 * TEAM_REFUSED, TEAM_FULL, ASSET_UNWANTED, ASSET_CORRUPT, or TEAM_UNREACHABLE after as many vain attempts as there are
 * pauses.
 */
export async function uploadAsset(options: UploadOptions): Promise<void> {
  const { http, reference, signal } = options;
  const agent = await http.agent();
  let lastMove = Date.now();
  let isSent = false;
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(createReadStream(options.path), {
      endpoint: http.url(teamPaths.uploads),
      // The upload's id is the hash: one that was begun, by whomever, is continued.
      uploadUrl: http.url(`${teamPaths.uploads}/${reference.sha256}`),
      uploadSize: reference.byteLength,
      headers: { ...http.headers },
      metadata: { sha256: reference.sha256, mediaType: reference.mediaType },
      httpStack: new DefaultHttpStack({ agent }),
      storeFingerprintForResuming: false,
      retryDelays: [...options.retryMilliseconds],
      onShouldRetry: (error) => isPassing(statusOf(error)),
      onProgress: (bytesDone) => {
        lastMove = Date.now();
        isSent = bytesDone >= reference.byteLength;
        options.onProgress(bytesDone);
      },
      onSuccess: () => settle(resolve),
      onError: (error) => settle(() => reject(toUploadError(error))),
    });
    const giveUp = (): void => {
      settle(() => reject(new CancelledError(undefined, { cause: signal.reason })));
      void upload.abort();
    };
    const watch = setInterval(() => {
      if (Date.now() - lastMove < (isSent ? checkMilliseconds : silentMilliseconds)) return;
      lastMove = Date.now();
      void upload.abort().then(() => upload.start());
    }, silentMilliseconds / 10);
    const settle = (act: () => void): void => {
      clearInterval(watch);
      signal.removeEventListener('abort', giveUp);
      act();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else upload.start();
  });
}

function statusOf(error: Error | DetailedError): number {
  return 'originalResponse' in error ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

/** No answer; somebody else is at it; or a server that is not well. A full disk does not pass by itself. */
function isPassing(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
}

function toUploadError(error: Error | DetailedError): AppError {
  const status = statusOf(error);
  const text = 'originalResponse' in error ? (error.originalResponse?.getBody() ?? '') : '';
  // The library's error carries the whole request, and with it the token: no log may ever get that.
  return status === 0 ? toTeamError(new Error(error.message)) : toRefusal(status, text);
}
