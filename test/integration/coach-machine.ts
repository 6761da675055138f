/**
 * A coach's computer on the other side of a network: stores a clip, sends it to the team, asks for its analysis, and
 * brings that home. Told what to do, and telling what became of it, over the channel to its parent.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { connectRedis } from '../../worker/connection.ts';
import { AppError } from '../../worker/protocol/errors.ts';
import { decodeInvitation } from '../../worker/protocol/invitation.ts';
import { defaultClipLimits, jobDefinitions } from '../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../worker/protocol/version.ts';
import { openBullEngine } from '../../worker/queue/bullmq-engine.ts';
import { createFileStores } from '../../worker/storage/file-stores.ts';
import { createRemoteAssetStore } from '../../worker/storage/remote-asset-store.ts';
import { receiveAnalysis } from '../../worker/storage/travelling-analysis.ts';
import { connectTeam } from '../../worker/team-connection.ts';
import { nameWantedAsset } from '../../worker/wanted-assets.ts';

export interface CoachOrder {
  readonly id: string;
  readonly path: string;
  /** Of the clip; a plan of the stages where they are staged. */
  readonly clipName: string;
}

export type CoachNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'sent'; readonly id: string; readonly bytes: number }
  | { readonly kind: 'submitted'; readonly id: string }
  | { readonly kind: 'home'; readonly id: string; readonly analysisId: string; readonly folder: string }
  | { readonly kind: 'failed'; readonly id: string; readonly message: string };

const [, , link = '', dataDirectory = ''] = process.argv;
const tell = (news: CoachNews): void => void process.send?.(news);
const { redis, keyPrefix, http } = await connectTeam(decodeInvitation(link));
const connection = connectRedis(redis);
const engine = await openBullEngine(redis, keyPrefix);
const stores = createFileStores({ dataDirectory });
let current = '';
const assets = createRemoteAssetStore({
  http,
  local: stores.assets,
  directory: `${dataDirectory}/team`,
  name: (reference) => nameWantedAsset(connection, keyPrefix, reference),
  cacheBytes: 1e9,
  keepsOwn: true,
  onTransfer: ({ direction, bytesDone }) => {
    if (direction === 'up') tell({ kind: 'sent', id: current, bytes: bytesDone });
  },
});

/** Again and again while the team cannot be reached, as the outbox of a desktop. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AppError) || !['TEAM_UNREACHABLE', 'REDIS_UNREACHABLE'].includes(error.code)) throw error;
      await pause(200);
    }
  }
}

async function analyse({ id, path, clipName }: CoachOrder): Promise<void> {
  current = id;
  const clip = await stores.assets.putFile(path, 'video/mp4');
  await patiently(() => assets.upload(clip));
  const address = { queue: 'analysis', id } as const;
  const data = { protocolVersion, clip, clipName, limits: defaultClipLimits, parameters: { model: 'blazepose-lite' } };
  await patiently(() => engine.add({ ...address, name: 'analyse-clip', data, priority: 1 }));
  tell({ kind: 'submitted', id });
  for (;;) {
    const job = await patiently(() => engine.get(address));
    if (job?.state === 'failed') throw new Error(JSON.stringify(job.failure));
    if (job?.state === 'completed') {
      const { analysisId, files } = jobDefinitions['analyse-clip'].result.parse(job.result);
      if (files === undefined) throw new Error('The result has no files.');
      await patiently(() => receiveAnalysis({ analyses: stores.analyses, assets }, analysisId, files));
      return tell({ kind: 'home', id, analysisId, folder: stores.analyses.folder(analysisId) });
    }
    await pause(50);
  }
}

process.on('message', (order: CoachOrder) => {
  analyse(order).catch((error: unknown) => tell({ kind: 'failed', id: order.id, message: String(error) }));
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'ready' });
