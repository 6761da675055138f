/** The sharing of `fair-share.ts`, kept in Redis for all who add and take jobs, as BullMQ's priorities. */
import type { Queue } from 'bullmq';
import type { RedisConnection } from '../connection.ts';
import type { QueueName } from '../protocol/queues.ts';
import { assertBand, tagsPerBand, turnOfChild, turnsOf } from './fair-share.ts';

/** BullMQ's priority for a tag of a band. Tag 0 is never given: BullMQ's priority 0 is outside of all order. */
export function toBullPriority(band: number, tag: number, tags = tagsPerBand): number {
  return band * tags + Math.max(1, Math.min(tag, tags - 1));
}

export function bandOf(bullPriority: number): number {
  return Math.floor(bullPriority / tagsPerBand);
}

/**
 * KEYS: the sharing of the queue, the jobs. ARGV: band, owner, turns, tags of a band, key of the queue.
 * Returns the first tag, the generation, and how many of the jobs are there already. When the tags of the band run out, those of all its jobs are moved down by
 * the tag begun last; what is waiting behind more jobs than there are tags shares the last one.
 */
const takeScript = `
local band, turns, tags = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local current = tonumber(redis.call('HGET', KEYS[1], 'current:' .. band)) or 0
local ownField = 'last:' .. band .. ':' .. ARGV[2]
local last = tonumber(redis.call('HGET', KEYS[1], ownField)) or 0
local first = math.max(last, current) + 1

local function moved(priority)
  if math.floor(priority / tags) ~= band then return priority end
  return band * tags + math.max(1, priority % tags - current)
end
local function moveJob(id)
  local key = ARGV[5] .. ':' .. id
  local priority = tonumber(redis.call('HGET', key, 'priority'))
  if priority and priority > 0 then redis.call('HSET', key, 'priority', moved(priority)) end
end

if first + turns > tags and current > tags / 2 then
  local waiting = redis.call('ZRANGE', ARGV[5] .. ':prioritized', 0, -1, 'WITHSCORES')
  for i = 1, #waiting, 2 do
    local score = tonumber(waiting[i + 1])
    local priority = math.floor(score / 0x100000000)
    redis.call('ZADD', ARGV[5] .. ':prioritized', score - (priority - moved(priority)) * 0x100000000, waiting[i])
    moveJob(waiting[i])
  end
  for _, state in ipairs({ 'delayed', 'waiting-children' }) do
    for _, id in ipairs(redis.call('ZRANGE', ARGV[5] .. ':' .. state, 0, -1)) do moveJob(id) end
  end
  for _, state in ipairs({ 'active', 'wait' }) do
    for _, id in ipairs(redis.call('LRANGE', ARGV[5] .. ':' .. state, 0, -1)) do moveJob(id) end
  end
  local start = 'last:' .. band .. ':'
  local fields = redis.call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, #start) == start then
      local ownLast = tonumber(fields[i + 1]) - current
      if ownLast > 0 then redis.call('HSET', KEYS[1], fields[i], ownLast) else redis.call('HDEL', KEYS[1], fields[i]) end
    end
  end
  redis.call('HSET', KEYS[1], 'current:' .. band, 0)
  redis.call('HINCRBY', KEYS[1], 'generation', 1)
  first = first - current
end

-- Turns that are taken for nothing would be missed later.
local known = 0
for i = 2, #KEYS do known = known + redis.call('EXISTS', KEYS[i]) end
if ARGV[6] == 'move' or known < #KEYS - 1 then
  redis.call('HSET', KEYS[1], ownField, math.min(first + turns - 1, tags - 1))
end
return { first, tonumber(redis.call('HGET', KEYS[1], 'generation')) or 0, known }
`;

/** KEYS: the sharing, the job. ARGV: tags of a band. The tag is read here, as it is now. */
const startedScript = `
local priority, tags = tonumber(redis.call('HGET', KEYS[2], 'priority')) or 0, tonumber(ARGV[1])
local field = 'current:' .. math.floor(priority / tags)
if priority % tags > (tonumber(redis.call('HGET', KEYS[1], field)) or 0) then
  redis.call('HSET', KEYS[1], field, priority % tags)
end
`;

export interface SharedJobs {
  readonly queue: QueueName;
  /** In the order in which they should run, all of one owner. */
  readonly ids: readonly string[];
  readonly band: number;
  readonly owner: string;
}

export interface BullFairShare {
  /** Calls `add` with BullMQ's priority of each of the jobs; not at all where they are all there already. */
  place(jobs: SharedJobs, add: (priorities: readonly number[]) => Promise<unknown>): Promise<void>;
  /** Gives jobs that are there new turns; those that are not are left out. */
  move(jobs: SharedJobs): Promise<void>;
  /** A job begins. */
  started(queue: QueueName, jobId: string): Promise<void>;
}

export interface BullFairShareOptions {
  readonly connection: RedisConnection;
  readonly keyPrefix: string;
  readonly queueOf: (name: QueueName) => Queue;
  /** Tags of a band; tests use few. */
  readonly tags?: number;
}

export function createBullFairShare(options: BullFairShareOptions): BullFairShare {
  const { connection, keyPrefix: prefix, queueOf, tags = tagsPerBand } = options;
  const sharing = (queue: QueueName): string => `${prefix}:fair:${queue}`;

  const take = async ({ queue, ids, band, owner }: SharedJobs, how: 'place' | 'move') => {
    assertBand(band);
    const keys = ids.map((id) => queueOf(queue).toKey(id));
    const facts = [band, owner, turnsOf(ids.length), tags, `${prefix}:${queue}`, how];
    const answer = await connection.eval(takeScript, 1 + keys.length, sharing(queue), ...keys, ...facts);
    const [first, generation, known] = answer as [number, number, number];
    return { first, generation, isKnown: known === ids.length };
  };
  /** Whether tags of that generation have been moved since; they are only when they run out. */
  const isStale = async (queue: QueueName, { first, generation }: { first: number; generation: number }) =>
    first > tags / 2 && Number(await connection.hget(sharing(queue), 'generation')) !== generation;
  const change = async ({ queue, ids }: SharedJobs, priorities: readonly number[]): Promise<void> => {
    for (const [i, id] of ids.entries()) {
      const job = await queueOf(queue).getJob(id);
      // One that has gone in between needs none.
      await job?.changePriority({ priority: priorities[i] ?? 1 }).catch((error: Error) => {
        if (!/missing key/i.test(error.message)) throw error;
      });
    }
  };
  const put = async (
    jobs: SharedJobs,
    taken: { first: number; generation: number },
    act: (priorities: readonly number[]) => Promise<unknown>,
  ): Promise<void> => {
    await act(jobs.ids.map((_, i) => toBullPriority(jobs.band, taken.first + turnOfChild(i), tags)));
    if (await isStale(jobs.queue, taken)) await move(jobs);
  };
  const move = async (jobs: SharedJobs): Promise<void> =>
    await put(jobs, await take(jobs, 'move'), (priorities) => change(jobs, priorities));

  return {
    move,
    async place(jobs, add) {
      const taken = await take(jobs, 'place');
      if (!taken.isKnown) await put(jobs, taken, add);
    },
    async started(queue, jobId) {
      await connection.eval(startedScript, 2, sharing(queue), queueOf(queue).toKey(jobId), tags);
    },
  };
}
