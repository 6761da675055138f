/** Whether there is room for another job: on the disk, and in the queue's memory. */
import type { RedisConnection } from '../../../worker/connection.ts';
import { AppError, type Failure, queueFullSentence } from '../../../worker/protocol/errors.ts';
import { assertDiskRoom } from '../../../worker/redis/disk-room.ts';

/**
 * Share of the memory from which on no new job is taken. The rest is for what is in the queue already: an analysis
 * adds its chunks while it runs, and every job its result.
 */
const fullShare = 0.9;

export interface QueueRoomOptions {
  readonly connection: RedisConnection;
  /** Where clips and results go. */
  readonly directory: string;
  /** Why the local server cannot take anything now. */
  readonly trouble: () => Failure | undefined;
}

/**
 * Throws AppError DISK_FULL or QUEUE_FULL, or what the local server is known to suffer from, at once. A queue that
 * cannot be asked is left to the call that follows.
 */
export async function assertQueueRoom({ connection, directory, trouble }: QueueRoomOptions): Promise<void> {
  const known = trouble();
  if (known !== undefined) throw new AppError(known.code, known.message);
  await assertDiskRoom(directory);
  // A cluster's nodes fill up one by one: there the node that has no room says so itself.
  if (connection.isCluster || connection.status !== 'ready') return;
  const memory = await connection.info('memory').catch(() => '');
  const [used, most] = [readNumber(memory, 'used_memory'), readNumber(memory, 'maxmemory')];
  if (most > 0 && used > fullShare * most) throw new AppError('QUEUE_FULL', queueFullSentence);
}

function readNumber(info: string, name: string): number {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
}
