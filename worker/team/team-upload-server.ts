/**
 * Resumable uploads of one team, with the tus protocol. An upload's id is the sha256 that its bytes are to have:
 * whoever sends the same file, or sends it again, goes on where the last one stopped. Only what was named in Redis
 * before is taken, and it becomes an asset when its hash has been checked.
 */
import { mkdirSync } from 'node:fs';
import { readdir, rm, stat, statfs } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { EVENTS, Server, type Upload } from '@tus/server';
import { type AssetReference, assetReferenceSchema, type Sha256 } from '../protocol/assets.ts';
import { AppError, type ErrorCode, type Failure, toFailure } from '../protocol/errors.ts';
import { teamPaths } from '../protocol/team.ts';
import { hashFile } from '../storage/hash-file.ts';
import { isMissingFile } from '../storage/storage-error.ts';
import type { ServerLog } from './server-log.ts';
import type { TeamAssets } from './team-assets.ts';
import type { TeamLimits } from './team-configuration.ts';
import type { TeamQuota } from './team-quota.ts';
import type { Member } from './token-store.ts';
import { createUploadLocker } from './upload-locker.ts';

export interface UploadServerOptions {
  readonly team: string;
  /** Of this team's unfinished uploads. */
  readonly directory: string;
  readonly assets: Pick<TeamAssets, 'find' | 'put'>;
  readonly quota: TeamQuota;
  /** As many bytes as have to be free, where they can be had. */
  readonly makeRoom: (team: string, bytes: number) => Promise<void>;
  readonly limits: TeamLimits;
  /** What somebody of the team named as wanted; undefined for anything else. */
  readonly findWanted: (team: string, sha256: Sha256) => Promise<Omit<AssetReference, 'sha256'> | undefined>;
  readonly log: ServerLog;
  readonly count: (what: 'uploads_finished' | 'uploads_refused' | 'uploads_corrupt') => void;
}

export interface TeamUploadServer {
  /** `id` as it stands in the address; undefined where an upload is created. */
  handle(member: Member, request: IncomingMessage, response: ServerResponse, id: string | undefined): Promise<void>;
  removeExpired(): Promise<void>;
}

/** An error as the tus server wants it thrown. */
interface Refusal {
  readonly status_code: number;
  /** A failure as JSON. */
  readonly body: string;
}

/** Room that stays free on the disk of the uploads. */
const spareBytes = 256 * 2 ** 20;

export function createTeamUploadServer(options: UploadServerOptions): TeamUploadServer {
  const { team, directory, assets, quota, limits, log } = options;
  const locker = createUploadLocker();
  // Without the store's own expiry, which cannot be had with uploads that are gone when they are finished.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const store = new FileStore({ directory });
  const members = new WeakMap<object, Member>();
  /** Requests whose refusal has been looked at; the library answers some without a word to us. */
  const noted = new WeakSet<object>();
  const noteRefusal = (request: { readonly method?: string | undefined }, status: number, reason: string): void => {
    noted.add(request);
    // Whether an upload was begun, and where it is by now, are questions; and two may send the same file.
    if (request.method === 'HEAD' || status === 409 || status === 423) return;
    options.count('uploads_refused');
    log.warn('refused', { reason, team, member: members.get(request)?.name, status });
  };
  /** Ids, by the requests that create them. */
  const creating = new Map<string, object | undefined>();
  const finishing = new Map<string, Promise<void>>();

  /** The uploads that are there, with what they announced. */
  const unfinished = async (): Promise<readonly Upload[]> => {
    const uploads = await Promise.all((await idsIn(directory)).map((id) => store.configstore.get(id)));
    return uploads.filter((upload) => upload !== undefined);
  };

  const assertRoom = async (size: number): Promise<void> => {
    const others = await unfinished();
    const announced = others.reduce((sum, upload) => sum + (upload.size ?? 0), 0);
    if (others.length >= limits.unfinishedUploads) {
      throw refusal(429, 'TEAM_FULL', 'The team has too many unfinished uploads. Try again when some are done.');
    }
    const hasRoom = async (): Promise<boolean> =>
      (await quota.storedBytes(team)) + announced + size <= limits.teamBytes;
    if (!(await hasRoom())) await options.makeRoom(team, announced + size);
    if (!(await hasRoom())) {
      throw refusal(413, 'TEAM_FULL', 'The team server has no room left for this team. Ask its operator for more.');
    }
    const disk = await statfs(directory);
    if (disk.blocks > 0 && disk.bavail * disk.bsize < size + spareBytes) {
      throw refusal(507, 'DISK_FULL', 'The disk of the team server is full. Ask its operator for more room.');
    }
  };

  const assertWelcome = async (upload: Upload): Promise<void> => {
    const reference = referenceOf(upload);
    const wanted = await options.findWanted(team, reference.sha256);
    if (wanted?.byteLength !== reference.byteLength || wanted.mediaType !== reference.mediaType) {
      throw refusal(403, 'ASSET_UNWANTED', 'The team server takes only files that a job of the team has named.');
    }
    if ((await assets.find(team, reference.sha256)) !== undefined) {
      throw refusal(410, 'INVALID_INPUT', 'The team server has this file already.');
    }
    if ((await store.configstore.get(upload.id)) !== undefined) {
      throw refusal(409, 'INVALID_INPUT', 'This upload has been begun.');
    }
    await assertRoom(reference.byteLength);
  };

  const forget = async (id: string): Promise<void> => {
    await rm(join(directory, id), { force: true });
    await store.configstore.delete(id);
  };

  const check = async (upload: Upload): Promise<void> => {
    const reference = referenceOf(upload);
    const path = join(directory, upload.id);
    const { sha256, byteLength } = await hashFile(path);
    if (sha256 !== reference.sha256 || byteLength !== reference.byteLength) {
      await forget(upload.id);
      options.count('uploads_corrupt');
      throw refusal(
        422,
        'ASSET_CORRUPT',
        'The file did not arrive as it was sent, and was thrown away. Send it again.',
      );
    }
    await assets.put(team, path, reference);
    quota.stored(team, byteLength);
    await store.configstore.delete(upload.id);
    options.count('uploads_finished');
    log.info('upload finished', { team, sha256, byteLength });
  };
  const finish = (upload: Upload): Promise<void> => {
    const running = finishing.get(upload.id) ?? check(upload).finally(() => finishing.delete(upload.id));
    finishing.set(upload.id, running);
    return running;
  };

  const tus = new Server({
    path: teamPaths.uploads,
    datastore: store,
    locker,
    relativeLocation: true,
    allowedOrigins: [],
    maxSize: limits.uploadBytes,
    postReceiveInterval: 500,
    namingFunction: (_request, metadata) => {
      const sha256 = assetReferenceSchema.shape.sha256.safeParse(metadata?.['sha256']);
      if (sha256.success) return sha256.data;
      throw refusal(400, 'INVALID_INPUT', 'An upload has to say the sha256 of its file.');
    },
    onUploadCreate: async (request, upload) => {
      // Between the look and the writing nobody else may begin the same upload: it would be cut to nothing.
      if (creating.has(upload.id)) throw refusal(409, 'INVALID_INPUT', 'This upload has been begun.');
      creating.set(upload.id, request.runtime?.node?.req);
      await assertWelcome(upload);
      return {};
    },
    onUploadFinish: async (_request, upload) => {
      await finish(upload);
      return {};
    },
    onResponseError(request, error) {
      const answer = toRefusal(error);
      const node = request.runtime?.node?.req;
      if (node) noteRefusal(node, answer.status_code, reasonOf(answer));
      return answer;
    },
  });
  tus.on(EVENTS.POST_RECEIVE, (_request: unknown, upload: Upload) => locker.touch(upload.id));

  /** One whose last byte came, but whose check was interrupted. */
  const finishLeftover = async (id: string): Promise<void> => {
    const upload = await store.getUpload(id).catch(() => undefined);
    if (upload !== undefined && upload.offset === upload.size) await finish(upload).catch(() => undefined);
  };

  return {
    async handle(member, request, response, id) {
      members.set(request, member);
      if (request.method === 'HEAD' && id !== undefined) await finishLeftover(id);
      try {
        await tus.handle(request, response);
        const { statusCode: status } = response;
        if (status >= 400 && !noted.has(request)) noteRefusal(request, status, 'no request of the upload protocol');
      } finally {
        for (const [created, by] of creating) if (by === request) creating.delete(created);
      }
    },
    async removeExpired() {
      const newest = Date.now() - limits.unfinishedSeconds * 1000;
      for (const upload of await unfinished()) {
        // By its last byte: a large file over a thin line takes as long as it takes.
        const found = await stat(join(directory, upload.id)).catch(() => undefined);
        if ((found?.mtimeMs ?? Date.parse(upload.creation_date ?? '')) > newest) continue;
        await forget(upload.id);
        log.info('upload expired', { team, sha256: upload.id, byteLength: upload.size });
      }
    },
  };
}

function referenceOf({ id, size, metadata }: Upload): AssetReference {
  const parsed = assetReferenceSchema.safeParse({
    sha256: id,
    mediaType: metadata?.['mediaType'],
    byteLength: size,
  });
  // A media type becomes a header of the download.
  if (parsed.success && /^[\w.+-]+\/[\w.+-]+$/.test(parsed.data.mediaType)) return parsed.data;
  throw refusal(400, 'INVALID_INPUT', 'An upload has to say the size and the media type of its file.');
}

function refusal(status: number, code: ErrorCode, message: string): Refusal {
  return { status_code: status, body: JSON.stringify({ code, message } satisfies Failure) };
}

/** What the library, the file system or we have thrown. */
function toRefusal(error: Error | Refusal): Refusal {
  if ('status_code' in error) {
    const { status_code: status, body } = error;
    if (body.startsWith('{')) return error;
    if (status === 423) return refusal(423, 'INVALID_INPUT', body);
    // Of the library's own limit, which it has from us.
    if (status === 413) return refusal(413, 'TEAM_FULL', 'The file is larger than the team server takes.');
    const code = status === 404 || status === 410 ? 'NOT_FOUND' : 'INVALID_INPUT';
    return refusal(status, status >= 500 ? 'INTERNAL' : code, body.trim());
  }
  if (error instanceof AppError) {
    const { code, message } = toFailure(error);
    return refusal(code === 'DISK_FULL' ? 507 : 500, code, message);
  }
  return refusal(500, 'INTERNAL', 'The team server could not take the file.');
}

function reasonOf({ body }: Refusal): string {
  return body.slice(0, 300);
}

async function idsIn(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissingFile(error)) return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
}
