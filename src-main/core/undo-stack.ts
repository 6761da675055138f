export interface UndoStack {
  add(undo: () => Promise<unknown>): void;
  /** Runs everything once, last added first, and goes on after an error. */
  run(): Promise<void>;
}

/** What has to be undone of a start, whether it got half-way or all the way. */
export function createUndoStack(): UndoStack {
  const steps: (() => Promise<unknown>)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async (): Promise<void> => {
    for (let step = steps.pop(); step; step = steps.pop()) await step().catch(() => undefined);
  };
  return {
    add: (undo) => void steps.push(undo),
    run: () => (running ??= runAll()),
  };
}
