/** An app with real workers whose stages the test writes, and what is asked of it again and again. */
import type { App } from '../../src-main/core/app.ts';
import type { AppDependencies } from '../../src-main/core/app-dependencies.ts';
import { type CoreBench, createCoreBench } from './core-bench.ts';
import type { JournalLine } from './stage-plan.ts';

export interface WorkerBench extends CoreBench {
  readonly app: App;
  lines(name: string, stage: string, what?: JournalLine['what']): JournalLine[];
  logged(text: string): boolean;
  /** Whether that many of its workers run. */
  isRunning(workers: number): boolean;
}

export async function startWorkerBench(dependencies: Partial<AppDependencies>, workers: number): Promise<WorkerBench> {
  const bench = createCoreBench(dependencies);
  const app = await bench.start({ workers });
  return {
    ...bench,
    app,
    lines: (name, stage, what = 'start') =>
      bench.journal(name).filter((line) => line.what === what && line.name === stage),
    logged: (text) => bench.log.some((line) => line.includes(text)),
    isRunning: (count) => app.fleet.list().filter(({ status }) => status === 'running').length === count,
  };
}
