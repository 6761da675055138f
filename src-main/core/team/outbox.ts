/** Jobs that are on their way to the team, or wait until it can be reached: in one file, whole at every moment. */
import type { AssetReference } from '../../../worker/protocol/assets.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import {
  type ExportedJob,
  type ExportedJobs,
  exportedJobsSchema,
  importJobs,
  snapshotJobs,
} from '../../../worker/queue/exported-jobs.ts';
import { createMemoryEngine } from '../../../worker/queue/memory-engine.ts';
import type { JobView } from '../../contract/job-view.ts';
import { type JobBoard, openJobBoard } from '../jobs/job-board.ts';
import type { OpenBoard } from '../jobs/placed-board.ts';
import { createJsonFile, readJsonFile } from '../json-file.ts';

export interface Outbox extends OpenBoard {
  /** In the order in which they are to go. */
  jobs(): Promise<ExportedJob[]>;
  /** The file holds them when this resolves. One that is in it already stays as it is. */
  put(jobs: ExportedJobs): Promise<void>;
  /** They are in it no longer. */
  remove(ids: readonly string[]): Promise<void>;
  /** Of those that have not been cancelled. */
  count(): number;
  close(): Promise<void>;
}

export interface OutboxOptions {
  readonly path: string;
  readonly onChange: (view: JobView) => void;
  readonly onRemove: (id: string) => void;
}

export async function openOutbox({ path, onChange, onRemove }: OutboxOptions): Promise<Outbox> {
  const file = createJsonFile(path);
  const engine = createMemoryEngine();
  const kept = await readJsonFile(path, exportedJobsSchema);
  if (kept) await importJobs(engine, kept);
  const board = await openJobBoard({ engine, onChange, onRemove });

  let saved = Promise.resolve();
  const save = (): Promise<void> => {
    const saving = saved.then(async () => await file.write(await snapshotJobs(engine)));
    saved = saving.catch(() => undefined);
    return saving;
  };
  const thenSave = async <T>(act: Promise<T>): Promise<T> => {
    const result = await act;
    await save();
    return result;
  };
  const saving: JobBoard = {
    ...board,
    submit: (request) => thenSave(board.submit(request)),
    cancel: (id) => thenSave(board.cancel(id)),
    prioritize: (id, priority) => thenSave(board.prioritize(id, priority)),
    runNow: (id) => thenSave(board.runNow(id)),
    retry: (id) => thenSave(board.retry(id)),
    pause: (id) => thenSave(board.pause(id)),
    resume: (id) => thenSave(board.resume(id)),
    discard: (id) => thenSave(board.discard(id)),
    importJobs: (jobs) => thenSave(board.importJobs(jobs)),
    exportJobs: (write, isWanted) => thenSave(board.exportJobs(write, isWanted)),
  };
  return {
    engine,
    board: saving,
    async jobs() {
      const { jobs } = await snapshotJobs(engine);
      return jobs.sort((a, b) => a.priority - b.priority || a.createdAt - b.createdAt);
    },
    put: async (jobs) => void (await saving.importJobs(jobs)),
    async remove(ids) {
      if (ids.length > 0)
        await saving.exportJobs(
          async () => undefined,
          ({ id }) => ids.includes(id),
        );
    },
    count: () => board.list().filter(({ status }) => !isEnded(status)).length,
    async close() {
      await saved;
      await board.close();
      await engine.close();
    },
  };
}

/** Every file that a worker elsewhere needs before it can begin. */
export function assetsOf(job: ExportedJob): AssetReference[] {
  if (job.name === 'export-analysis') return [job.payload.clip, ...Object.values(job.payload.files ?? {})];
  const resume = job.name === 'analyse-clip' ? job.resume : undefined;
  if (resume === undefined) return [job.payload.clip];
  const chunks = resume.chunks.flatMap(({ result }) => result?.chunk ?? []);
  return [job.payload.clip, resume.planned.plan, ...chunks];
}
