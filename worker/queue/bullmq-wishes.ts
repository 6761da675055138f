/** Wishes in Redis: a field of BullMQ's own hash of the job, so that they come and go with it. */
import type { Queue } from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import { cancelKey, cancelKeySeconds } from '../protocol/control.ts';
import type { QueueName } from '../protocol/queues.ts';
import type { JobAddress } from './job-engine.ts';
import { parseWishes, type Wish, type Wishes } from './job-wishes.ts';

/**
 * KEYS: the job, its mark of a cancel. ARGV: member, wish, seconds that the mark lasts. Returns whether there is a job
 * to want, and whether anybody else wants it. The last one who withdraws cancels it in the same step, so that nobody
 * who joins meanwhile is left with a job that stops.
 */
const wishScript = `
local member, wish = ARGV[1], ARGV[2]
local isThere = redis.call('EXISTS', KEYS[1]) == 1
if wish == 'wanted' and (not isThere or redis.call('EXISTS', KEYS[2]) == 1) then return { 0, 0 } end
local wishes, others = {}, 0
if isThere then
  wishes = cjson.decode(redis.call('HGET', KEYS[1], 'wishes') or '{}')
  local owner = cjson.decode(redis.call('HGET', KEYS[1], 'data') or '{}').owner
  if type(owner) == 'string' and wishes[owner] == nil then wishes[owner] = 'wanted' end
  wishes[member] = wish
  redis.call('HSET', KEYS[1], 'wishes', cjson.encode(wishes))
end
for other, said in pairs(wishes) do
  if other ~= member and said == 'wanted' then others = 1 end
end
if wish == 'withdrawn' and others == 0 then redis.call('SET', KEYS[2], '1', 'EX', ARGV[3]) end
return { 1, others }
`;

export interface BullWishes {
  read(job: JobAddress): Promise<Wishes>;
  say(job: JobAddress, member: string, wish: Wish): Promise<{ isThere: boolean; isWantedByOthers: boolean }>;
}

export function createBullWishes(options: {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly queueOf: (name: QueueName) => Queue;
}): BullWishes {
  const { connection, keyPrefix: prefix, queueOf } = options;
  return {
    read: async ({ queue, id }) => parseWishes(await connection.hget(queueOf(queue).toKey(id), 'wishes')),
    async say({ queue, id }, member, wish) {
      const keys = [queueOf(queue).toKey(id), cancelKey(prefix, id)];
      const answer = await connection.eval(wishScript, keys.length, ...keys, member, wish, cancelKeySeconds);
      const [isThere, others] = answer as [number, number];
      return { isThere: isThere === 1, isWantedByOthers: others === 1 };
    },
  };
}
