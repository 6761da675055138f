/** Keeps the connection to the team while it is needed: opens it, watches it, opens it anew. */
import { type Failure, toFailure } from '../../../worker/protocol/errors.ts';
import type { TeamSession } from './team-session.ts';

export interface TeamLinkOptions {
  readonly isNeeded: () => boolean;
  readonly open: () => Promise<TeamSession>;
  /** From now on this is the connection; one before it is closed. */
  readonly onOpen: (session: TeamSession) => void;
  readonly onClose: () => void;
  /** Both answer: what waits for that can be done. */
  readonly onReached: (session: TeamSession) => void;
  /** Whether the team was reached, or why not. */
  readonly onLook: (problem: Failure | undefined) => void;
}

export interface TeamLink {
  session(): TeamSession | undefined;
  /** Looks now; resolves when it has. Never rejects. */
  look(): Promise<void>;
  /** The next look opens it anew, however well it works. */
  reopen(): void;
  stop(): Promise<void>;
}

const lookMilliseconds = 2000;
/** Vain looks until the address of the queue is asked for anew: it may have moved, or have a new certificate. */
const vainLooks = 10;

export function createTeamLink(options: TeamLinkOptions): TeamLink {
  let session: TeamSession | undefined;
  let vain = 0;
  let current: Promise<void> | undefined;
  let isStale = false;
  let isStopped = false;

  const replace = async (next: TeamSession | undefined): Promise<void> => {
    const before = session;
    session = next;
    if (next) options.onOpen(next);
    else if (before) options.onClose();
    await before?.close().catch(() => undefined);
  };
  const reach = async (): Promise<void> => {
    if (session !== undefined && vain < vainLooks) return await session.ping();
    const opened = await options.open();
    if (isStopped) await opened.close();
    else await replace(opened);
  };
  const lookOnce = async (): Promise<void> => {
    if (!options.isNeeded()) {
      vain = 0;
      await replace(undefined);
      return options.onLook(undefined);
    }
    try {
      await reach();
      vain = 0;
      if (isStopped) return;
      options.onLook(undefined);
      if (session) options.onReached(session);
    } catch (error) {
      vain++;
      if (!isStopped) options.onLook(toFailure(error));
    }
  };
  const lookUntilFresh = async (): Promise<void> => {
    do {
      isStale = false;
      await lookOnce();
    } while (isStale && !isStopped);
    current = undefined;
  };
  const look = (): Promise<void> => {
    if (isStopped) return Promise.resolve();
    isStale = true;
    current ??= lookUntilFresh();
    return current;
  };
  const timer = setInterval(() => void (current ?? look()), lookMilliseconds);
  return {
    session: () => session,
    look,
    reopen() {
      vain = vainLooks;
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await replace(undefined);
    },
  };
}
