/** A watch for each team that somebody looks at, opened when asked for and closed when nobody has looked for a while. */
import type { ServerLog } from '../../../worker/team/server-log.ts';
import { openTeamWatch, type TeamWatch, type TeamWatchOptions } from './team-watch.ts';

export interface TeamWatches {
  /** Throws AppError REDIS_UNREACHABLE. */
  of(team: string): Promise<TeamWatch>;
  /** Keeps it open until it is let go. */
  hold(team: string): () => void;
  close(): Promise<void>;
}

/** Longer than any usual pause between two readings of the figures, so that their counters go on. */
const unusedMilliseconds = 10 * 60_000;
const lookMilliseconds = 60_000;

export interface TeamWatchesOptions extends Pick<TeamWatchOptions, 'redis' | 'version'> {
  readonly log: Pick<ServerLog, 'error'>;
}

interface Kept {
  readonly watch: Promise<TeamWatch>;
  held: number;
  usedAt: number;
}

export function createTeamWatches({ redis, version, log }: TeamWatchesOptions): TeamWatches {
  const kept = new Map<string, Kept>();
  const closeOne = async (team: string): Promise<void> => {
    const closing = kept.get(team);
    kept.delete(team);
    await closing?.watch.then((watch) => watch.close()).catch(() => undefined);
  };
  const timer = setInterval(() => {
    for (const [team, { held, usedAt }] of kept)
      if (held === 0 && Date.now() - usedAt > unusedMilliseconds) void closeOne(team);
  }, lookMilliseconds);
  timer.unref();
  return {
    async of(team) {
      const known = kept.get(team) ?? { watch: openTeamWatch({ redis, team, version }), held: 0, usedAt: 0 };
      kept.set(team, known);
      known.usedAt = Date.now();
      return await known.watch.catch((error: unknown) => {
        // The next one may succeed.
        if (kept.get(team) === known) kept.delete(team);
        log.error('monitor', { reason: error instanceof Error ? error.message : String(error), team });
        throw error;
      });
    },
    hold(team) {
      const holding = kept.get(team);
      if (holding) holding.held++;
      return () => {
        if (!holding) return;
        holding.held--;
        holding.usedAt = Date.now();
      };
    },
    async close() {
      clearInterval(timer);
      await Promise.all([...kept.keys()].map(closeOne));
    },
  };
}
