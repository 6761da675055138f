/** What a chaos run does to the app under it. */
import type { SmallDisk } from '../integration/small-disk.ts';
import type { ChaosAppProcess } from './chaos-app-process.ts';

export const mischiefKinds = [
  'kill worker',
  'freeze worker',
  'kill redis',
  'pause redis',
  'kill app',
  'fill disk',
] as const;
export type MischiefKind = (typeof mischiefKinds)[number];

/** How often each is chosen, against the others. A frozen worker takes seconds to be noticed: rarely. */
const weights: Readonly<Record<MischiefKind, number>> = {
  'kill worker': 6,
  'freeze worker': 1,
  'kill redis': 2,
  'pause redis': 2,
  'kill app': 2,
  'fill disk': 1,
};

export interface Victims {
  readonly app: ChaosAppProcess;
  readonly redis: RedisVictim;
  /** Ids of the worker processes, as last heard. */
  readonly workers: readonly number[];
  /** The disk of the data; undefined where none can be made for the test. */
  readonly disk: SmallDisk | undefined;
}

export interface RedisVictim {
  /** Of the server that has the jobs; undefined while there is none. */
  pid(): number | undefined;
  /** False where another death is more than it was built for. */
  readonly mayDie: boolean;
  kill(): void;
}

export interface Mischief {
  readonly counts: Readonly<Record<MischiefKind, number>>;
  /** Does one thing, chosen at random, to whoever is there. */
  strike(victims: Victims): void;
  /** Undoes what is still to be undone: a paused Redis, a full disk. */
  end(): void;
}

/** Longest pause of Redis and longest time with a full disk. */
const longestMilliseconds = 1500;

export function createMischief(random: () => number, log: (line: string) => void): Mischief {
  const counts = Object.fromEntries(mischiefKinds.map((kind) => [kind, 0])) as Record<MischiefKind, number>;
  const undos = new Set<() => void>();
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  const chooseKind = (): MischiefKind => {
    const all = mischiefKinds.flatMap((kind) => Array.from({ length: weights[kind] }, () => kind));
    return pick(all) ?? 'kill worker';
  };
  const undoLater = (undo: () => void): void => {
    const once = (): void => {
      if (undos.delete(once)) undo();
    };
    undos.add(once);
    setTimeout(once, 200 + random() * (longestMilliseconds - 200));
  };
  const signalTo = (pid: number | undefined, signal: NodeJS.Signals): boolean => {
    try {
      return pid !== undefined && process.kill(pid, signal);
    } catch {
      // It has ended by itself.
      return false;
    }
  };
  const commit = (kind: MischiefKind, { app, redis, workers, disk }: Victims): boolean => {
    switch (kind) {
      case 'kill worker':
        return signalTo(pick(workers), 'SIGKILL');
      case 'freeze worker':
        return signalTo(pick(workers), 'SIGSTOP');
      case 'kill redis':
        if (!redis.mayDie || redis.pid() === undefined) return false;
        redis.kill();
        return true;
      case 'pause redis': {
        const pid = redis.pid();
        if (!signalTo(pid, 'SIGSTOP')) return false;
        undoLater(() => signalTo(pid, 'SIGCONT'));
        return true;
      }
      case 'kill app':
        if (app.pid === undefined) return false;
        app.kill();
        return true;
      case 'fill disk':
        if (disk === undefined || undos.size > 0) return false;
        disk.fill();
        undoLater(() => disk.free());
        return true;
    }
  };
  return {
    counts,
    strike(victims) {
      const kind = chooseKind();
      if (!commit(kind, victims)) return;
      counts[kind]++;
      log(`mischief: ${kind}`);
    },
    end() {
      for (const undo of [...undos]) undo();
    },
  };
}
