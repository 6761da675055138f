/**
 * Several boards as one: this computer's queue, what waits for the team, and the team's queue. Every job is shown once,
 * marked with where it is, and whatever is wanted of it is done there.
 */
import { AppError } from '../../../worker/protocol/errors.ts';
import { isEnded } from '../../../worker/protocol/status.ts';
import type { JobEngine } from '../../../worker/queue/job-engine.ts';
import type { JobView, ShownJobKind } from '../../contract/job-view.ts';
import type { JobBoard, JobRequest } from './job-board.ts';
import { createJobEndings } from './job-endings.ts';

/** `outbox`: on this computer, for the team. */
export const boardNames = ['team', 'outbox', 'local'] as const;
export type BoardName = (typeof boardNames)[number];

export interface OpenBoard {
  readonly board: JobBoard;
  readonly engine: JobEngine;
}

export interface PlacedBoardOptions {
  readonly onChange: (view: JobView) => void;
  readonly onRemove: (id: string) => void;
  /** To the board on which it belongs. */
  readonly submit: <N extends ShownJobKind>(request: JobRequest<N>) => Promise<JobView>;
  /** One thing after the other about each job: meanwhile it may go from board to board. */
  readonly take: (id: string, act: () => Promise<void>) => Promise<void>;
  /** Somebody wants that of a job. */
  readonly onCancel: (id: string) => void;
  readonly onRetry: (id: string) => void;
}

export interface PlacedBoard extends JobBoard {
  attach(name: BoardName, opened: OpenBoard): void;
  /** Nothing can be wanted of its jobs any more. Those that have ended are still shown. */
  detach(name: BoardName): void;
  /** What a board says goes through here, from before it is attached. */
  changed(name: BoardName, view: JobView): void;
  removed(name: BoardName, id: string): void;
  /** As that board has it. */
  viewOn(name: BoardName, id: string): JobView | undefined;
  viewsOn(name: BoardName): JobView[];
  engineOf(id: string): JobEngine;
}

interface Said {
  readonly view: JobView;
  /** Counts up: what was said last is the news. */
  readonly turn: number;
}

export function createPlacedBoard(options: PlacedBoardOptions): PlacedBoard {
  const boards = new Map<BoardName, OpenBoard>();
  const said = new Map<string, Map<BoardName, Said>>();
  const shown = new Map<string, { view: JobView; on: BoardName }>();
  const endings = createJobEndings();
  let turn = 0;

  const update = (id: string): void => {
    const best = choose(said.get(id));
    if (best === undefined) {
      if (!shown.delete(id)) return;
      options.onRemove(id);
      endings.tell(id);
      return;
    }
    const view: JobView = { ...best.view, place: best.on === 'team' ? 'team' : 'local' };
    const before = shown.get(id);
    shown.set(id, { view, on: best.on });
    if (JSON.stringify(before?.view) === JSON.stringify(view)) return;
    options.onChange(view);
    endings.tell(id, view);
  };
  const removed = (name: BoardName, id: string): void => {
    const views = said.get(id);
    if (!views?.delete(name)) return;
    if (views.size === 0) said.delete(id);
    update(id);
  };
  const find = (id: string): { view: JobView; on: BoardName } => {
    const found = shown.get(id);
    if (found === undefined) throw new AppError('NOT_FOUND', 'This job is not known any more.');
    return found;
  };
  const openOf = (id: string): OpenBoard => {
    const opened = boards.get(find(id).on);
    if (opened === undefined) throw new AppError('TEAM_UNREACHABLE', 'This job is in the team, which is away now.');
    return opened;
  };
  const boardOf = (id: string): JobBoard => openOf(id).board;
  const local = (): JobBoard => {
    const opened = boards.get('local');
    if (opened === undefined) throw new AppError('INTERNAL', 'The queue of this computer is not open yet.');
    return opened.board;
  };

  return {
    attach: (name, opened) => void boards.set(name, opened),
    detach(name) {
      boards.delete(name);
      for (const [id, views] of [...said]) if (!isEnded(views.get(name)?.view.status ?? 'done')) removed(name, id);
    },
    changed(name, view) {
      const views = said.get(view.id) ?? new Map<BoardName, Said>();
      said.set(view.id, views.set(name, { view, turn: turn++ }));
      update(view.id);
    },
    removed,
    viewOn: (name, id) => said.get(id)?.get(name)?.view,
    viewsOn: (name) => [...said.values()].flatMap((views) => views.get(name)?.view ?? []),
    engineOf: (id) => openOf(id).engine,

    submit: options.submit,
    async cancel(id) {
      options.onCancel(id);
      await options.take(id, () => boardOf(id).cancel(id));
    },
    async retry(id) {
      await options.take(id, () => boardOf(id).retry(id));
      options.onRetry(id);
    },
    prioritize: (id, priority) => options.take(id, () => boardOf(id).prioritize(id, priority)),
    runNow: (id) => options.take(id, () => boardOf(id).runNow(id)),
    pause: (id) => options.take(id, () => boardOf(id).pause(id)),
    resume: (id) => options.take(id, () => boardOf(id).resume(id)),
    discard: (id) =>
      options.take(id, async () => {
        const { on } = find(id);
        // One that has not ended says so before anything is forgotten.
        const others = [...(said.get(id)?.keys() ?? [])].filter((name) => name !== on);
        for (const name of [on, ...others]) {
          await boards.get(name)?.board.discard(id);
          removed(name, id);
        }
      }),
    list: () => [...shown.values()].map(({ view }) => view),
    get: (id) => find(id).view,
    resultOf: async (id) => await boardOf(id).resultOf(id),
    waitFor: async (id, signal) => await endings.waitFor(find(id).view, signal),
    exportJobs: async (write, isWanted) => await local().exportJobs(write, isWanted),
    importJobs: async (jobs) => await local().importJobs(jobs),
    async close() {
      for (const { board } of boards.values()) await board.close();
    },
  };
}

/** Where it goes on; where it has ended everywhere, what was said last. */
function choose(views: ReadonlyMap<BoardName, Said> | undefined): { view: JobView; on: BoardName } | undefined {
  let best: (Said & { on: BoardName }) | undefined;
  for (const on of boardNames) {
    const each = views?.get(on);
    if (each === undefined) continue;
    if (!isEnded(each.view.status)) return { ...each, on };
    if (best === undefined || each.turn > best.turn) best = { ...each, on };
  }
  return best;
}
