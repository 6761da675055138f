/** As many workers as wanted: those that lack are opened, those too many are ended, whatever a worker is. */
export interface WorkerSlots<S> {
  readonly open: readonly S[];
  resize(count: number): void;
  /** By as many new ones. */
  replaceAll(): void;
  /** Resolves when all have ended. */
  stop(): Promise<void>;
}

export interface WorkerSlotsOptions<S> {
  readonly openOne: () => S;
  readonly endOne: (slot: S) => Promise<void>;
  readonly onChange: () => void;
}

export function createWorkerSlots<S>({ openOne, endOne, onChange }: WorkerSlotsOptions<S>): WorkerSlots<S> {
  const open: S[] = [];
  const ending = new Set<Promise<void>>();
  const resize = (count: number): void => {
    while (open.length < count) open.push(openOne());
    for (const slot of open.splice(count)) {
      const ended = endOne(slot).finally(() => ending.delete(ended));
      ending.add(ended);
    }
    onChange();
  };
  return {
    open,
    resize,
    replaceAll() {
      const count = open.length;
      resize(0);
      resize(count);
    },
    async stop() {
      resize(0);
      await Promise.all(ending);
    },
  };
}
