/**
 * Lets jobs begin that wait for the machine to be idle, or on mains power. They lie in the queue as delayed until a day
 * that hardly comes; this takes them out of there, a few at a time, while their condition holds: what has begun goes
 * on when the coach comes back, and no more than that.
 */

import { holds, type MachineState } from '../../../worker/machine/machine-state.ts';
import type { Condition } from '../../../worker/protocol/conditions.ts';
import { conditionSchema } from '../../../worker/protocol/conditions.ts';
import { queueNames } from '../../../worker/protocol/queues.ts';
import type { JobData, JobEngine, JobState, StoredJob } from '../../../worker/queue/job-engine.ts';

export interface ConditionGateOptions {
  readonly engine: JobEngine;
  readonly machine: MachineState;
  /** How many may be under way at the same time. */
  readonly mostAtOnce: () => number;
  readonly lookMilliseconds?: number;
  readonly onLog: (line: string) => void;
}

export interface ConditionGate {
  /** Looks now. Rejects where the queue is away. */
  look(): Promise<void>;
  stop(): void;
}

const mostJobs = 10_000;
const defaultLookMilliseconds = 5000;

export function conditionOf(data: JobData): Condition | undefined {
  return conditionSchema.safeParse(data['condition']).data;
}

/** Whether a job lies there until its condition comes; one that is tried again waits for something else. */
export function isHeld({ data, state, startedAt }: StoredJob): boolean {
  return conditionOf(data) !== undefined && state === 'delayed' && startedAt === undefined;
}

export function startConditionGate(options: ConditionGateOptions): ConditionGate {
  const { engine, machine, mostAtOnce, lookMilliseconds = defaultLookMilliseconds, onLog } = options;
  const conditional = async (states: readonly JobState[]): Promise<StoredJob[]> => {
    const jobs = await Promise.all(queueNames.map((queue) => engine.list(queue, { states, limit: mostJobs })));
    return jobs.flat().filter(({ data, parent }) => parent === undefined && conditionOf(data) !== undefined);
  };
  const look = async (): Promise<void> => {
    const counts = await Promise.all(queueNames.map((queue) => engine.counts(queue)));
    if (counts.every(({ delayed }) => delayed === 0)) return;
    const held = (await conditional(['delayed'])).filter(isHeld);
    if (held.length === 0) return;
    const reading = await machine.read();
    const ready = held.filter(({ data }) => {
      const condition = conditionOf(data);
      return condition !== undefined && holds(condition, reading);
    });
    if (ready.length === 0) return;
    const underWay = await conditional(['waiting', 'active', 'waiting-children']);
    const next = ready.sort((a, b) => a.createdAt - b.createdAt).slice(0, Math.max(0, mostAtOnce() - underWay.length));
    for (const job of next) await engine.promote(job);
  };

  let current: Promise<void> | undefined;
  const lookOnce = (): Promise<void> => {
    current ??= look().finally(() => {
      current = undefined;
    });
    return current;
  };
  const timer = setInterval(() => {
    lookOnce().catch((error: unknown) => onLog(`held jobs wait: ${String(error)}`));
  }, lookMilliseconds);
  timer.unref();
  return { look: lookOnce, stop: () => clearInterval(timer) };
}
