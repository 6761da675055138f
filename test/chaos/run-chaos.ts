/**
 * Many short jobs in the real app, with real Redis and real worker processes, all of which are killed, frozen, paused
 * and starved of disk at random; then whether anything was lost, doubled, or came out differently.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createRandom } from '../../worker/biomechanics/random.ts';
import { isEnded } from '../../worker/protocol/status.ts';
import type { SmallDisk } from '../integration/small-disk.ts';
import { startChaosApp } from './chaos-app-process.ts';
import type { ChaosJob, FromApp } from './chaos-messages.ts';
import { createMischief, type MischiefKind, type RedisVictim } from './mischief.ts';
import { ownRedis } from './redis-victims.ts';

export interface ChaosOptions {
  readonly jobs: number;
  readonly seed: number;
  /** How many times something is done to the app; 0 is a calm run. */
  readonly strikes: number;
  readonly workers: number;
  /** For the data, on `disk` where there is one, and for the journal, which must survive a full disk. */
  readonly dataDirectory: string;
  readonly journal: string;
  readonly disk?: SmallDisk | undefined;
  /** Where the jobs are; absent: in a Redis of the app's own. */
  readonly redis?: { readonly victim: RedisVictim; readonly environment: Readonly<Record<string, string>> } | undefined;
  /** What is not done by then counts as lost. */
  readonly limitSeconds: number;
  readonly log: (line: string) => void;
}

export interface ChaosResult {
  /** The document of each job, by the hash of its clip. */
  readonly documents: ReadonlyMap<string, string>;
  readonly completed: number;
  /** Accepted or not: jobs without a result at the end. */
  readonly lost: readonly string[];
  /** What was begun after its job had been reported as done, jobs listed twice, results that no job asked for. */
  readonly duplicated: readonly string[];
  readonly strikes: Readonly<Record<MischiefKind, number>>;
  /** Jobs that the app gave up, with their code, and that were retried by hand. */
  readonly givenUp: readonly string[];
  /** Stages that ran more than once: the price of the mischief. */
  readonly repeatedStages: number;
  readonly seconds: number;
}

const tickMilliseconds = 25;
const listMilliseconds = 500;
/** Between two strikes, at least and at most. */
const strikeMilliseconds = [400, 1600] as const;
/** A submission without an answer is made again. */
const answerMilliseconds = 15_000;
const mostSubmissionsInFlight = 8;

const journalLineSchema = z.object({
  what: z.enum(['start', 'end']),
  clip: z.string(),
  stage: z.string(),
  at: z.number(),
});

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { dataDirectory, journal, log } = options;
  mkdirSync(dataDirectory, { recursive: true });
  const startedAt = Date.now();
  const random = createRandom(options.seed);
  const mischief = createMischief(random, log);
  const accepted = new Map<number, { jobId: string; clip: string }>();
  const inFlight = new Map<number, number>();
  const jobs = new Map<string, ChaosJob>();
  const doneAt = new Map<string, number>();
  const givenUp: string[] = [];
  const retried = new Set<string>();
  const redis = options.redis?.victim ?? ownRedis(dataDirectory);
  let workers: readonly number[] = [];

  const onJob = (job: ChaosJob): void => {
    jobs.set(job.id, job);
    if (job.status === 'done' && !doneAt.has(job.id)) doneAt.set(job.id, Date.now());
    if (job.status !== 'failed') retried.delete(job.id);
    if (job.status !== 'failed' || retried.has(job.id)) return;
    retried.add(job.id);
    givenUp.push(`${job.id}: ${job.failure}`);
    app.send({ type: 'retry', jobId: job.id });
  };
  const onMessage = (message: FromApp): void => {
    if (message.type === 'ready') {
      inFlight.clear();
      retried.clear();
    } else if (message.type === 'accepted') {
      inFlight.delete(message.number);
      accepted.set(message.number, { jobId: message.jobId, clip: message.analysisId });
    } else if (message.type === 'refused') {
      inFlight.delete(message.number);
      log(`job ${message.number} was not accepted: ${message.code}`);
    } else if (message.type === 'job') {
      onJob(message.job);
    } else {
      ({ workers } = message);
      for (const job of message.jobs) onJob(job);
      // A job that ended while the app was dead, and that history forgot before it was back, has left its result.
      const listed = new Set(message.jobs.map(({ id }) => id));
      for (const { jobId, clip } of accepted.values()) {
        const isForgotten = !doneAt.has(jobId) && !listed.has(jobId);
        if (isForgotten && existsSync(join(dataDirectory, 'analyses', clip, 'analysis.json'))) {
          doneAt.set(jobId, Date.now());
        }
      }
    }
  };
  const app = startChaosApp({ dataDirectory, journal, workers: options.workers }, options.redis?.environment ?? {}, {
    message: onMessage,
    log,
  });
  const isAllDone = (): boolean =>
    accepted.size === options.jobs && [...accepted.values()].every(({ jobId }) => doneAt.has(jobId));

  let [nextList, nextStrike, strikes] = [0, 0, 0];
  try {
    while (!isAllDone() && Date.now() - startedAt < options.limitSeconds * 1000) {
      const now = Date.now();
      if (app.isReady) {
        for (let number = 0; number < options.jobs && inFlight.size < mostSubmissionsInFlight; number++) {
          if (accepted.has(number) || inFlight.has(number)) continue;
          inFlight.set(number, now);
          app.send({ type: 'submit', number });
        }
        for (const [number, since] of inFlight) if (now - since > answerMilliseconds) inFlight.delete(number);
        if (now >= nextList) {
          nextList = now + listMilliseconds;
          app.send({ type: 'list' });
        }
      }
      if (strikes < options.strikes && doneAt.size > 0 && now >= nextStrike) {
        const [least, most] = strikeMilliseconds;
        nextStrike = now + least + random() * (most - least);
        strikes++;
        mischief.strike({ app, redis, workers, disk: options.disk });
      }
      await new Promise((resolve) => setTimeout(resolve, tickMilliseconds));
    }
  } finally {
    mischief.end();
    await app.stop();
  }

  const documents = readDocuments(dataDirectory);
  const wanted = new Set([...accepted.values()].map(({ clip }) => clip));
  const unfinished = [...accepted].filter(([, { jobId, clip }]) => !doneAt.has(jobId) || !documents.has(clip));
  const notAccepted = Array.from({ length: options.jobs }, (_, i) => i).filter((number) => !accepted.has(number));
  const lines = readJournal(journal);
  const jobOfClip = new Map([...accepted.values()].map(({ jobId, clip }) => [clip, jobId]));
  const late = lines.filter(
    ({ what, clip, at }) =>
      what === 'start' && at > (doneAt.get(jobOfClip.get(clip) ?? '') ?? Number.POSITIVE_INFINITY),
  );
  const starts = new Set(lines.map(({ clip, stage }) => `${clip} ${stage}`));
  return {
    documents,
    completed: options.jobs - notAccepted.length - unfinished.length,
    lost: [
      ...notAccepted.map((number) => `${number}: never accepted`),
      ...unfinished.map(([number, { jobId }]) => `${number}: ${jobs.get(jobId)?.status ?? 'not listed'}`),
    ],
    duplicated: [
      ...late.map(({ clip, stage }) => `${stage} of ${clip} began after its job was done`),
      ...[...jobs.values()]
        .filter(({ id, status }) => isEnded(status) && ![...jobOfClip.values()].includes(id))
        .map(({ id }) => `job ${id} was not asked for`),
      ...[...documents.keys()].filter((clip) => !wanted.has(clip)).map((clip) => `result ${clip} was not asked for`),
    ],
    strikes: mischief.counts,
    givenUp,
    repeatedStages: lines.filter(({ what }) => what === 'start').length - starts.size,
    seconds: (Date.now() - startedAt) / 1000,
  };
}

function readDocuments(dataDirectory: string): Map<string, string> {
  const folder = join(dataDirectory, 'analyses');
  if (!existsSync(folder)) return new Map();
  const documents = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => name === 'analysis.json',
  );
  return new Map(
    documents.map(({ parentPath, name }) => [
      parentPath.split(/[\\/]/).at(-1) ?? '',
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

function readJournal(path: string): z.infer<typeof journalLineSchema>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => journalLineSchema.parse(JSON.parse(line)));
}
