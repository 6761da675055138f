/**
 * Lets jobs of one process run side by side, except those that must be alone in it: a job that may kill its worker
 * would have the others blamed with it.
 */
export interface SoloGate {
  /** Resolves, in the order asked, to what is called at the end; to undefined when the signal fires before that. */
  enter(alone: boolean, signal: AbortSignal): Promise<(() => void) | undefined>;
}

interface Waiting {
  readonly alone: boolean;
  readonly admit: () => void;
}

export function createSoloGate(): SoloGate {
  const waiting: Waiting[] = [];
  let inside = 0;
  let isAlone = false;

  const admitNext = (): void => {
    for (;;) {
      const [next] = waiting;
      if (next === undefined || isAlone || (next.alone && inside > 0)) return;
      waiting.shift();
      inside++;
      isAlone = next.alone;
      next.admit();
    }
  };
  const leave = (): void => {
    inside--;
    isAlone = false;
    admitNext();
  };

  return {
    enter: (alone, signal) =>
      new Promise((resolve) => {
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(entry), 1);
          resolve(undefined);
          admitNext();
        };
        const entry: Waiting = {
          alone,
          admit() {
            signal.removeEventListener('abort', giveUp);
            resolve(leave);
          },
        };
        if (signal.aborted) return resolve(undefined);
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.push(entry);
        admitNext();
      }),
  };
}
