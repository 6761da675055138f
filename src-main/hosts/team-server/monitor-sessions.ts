/** Browsers that signed in: a random session for each, kept in memory, worth no more than the token behind it. */
import { randomBytes } from 'node:crypto';
import type { Member, TokenStore } from '../../../worker/team/token-store.ts';

export interface MonitorSessions {
  open(member: Member): string;
  /** Undefined for one that is unknown or over, and where the member was removed or has expired. */
  find(session: string): Member | undefined;
  end(session: string): void;
  createCode(member: Member): { readonly code: string; readonly expiresAt: number };
  /** Whose code it was; it is worth nothing from then on. */
  takeCode(code: string): Member | undefined;
}

export const sessionSeconds = 12 * 3600;
const codeSeconds = 600;
/** The oldest make room: nobody has this many browsers. */
const mostKept = 1000;

interface Kept {
  readonly member: Member;
  readonly expiresAt: number;
}

export function createMonitorSessions(tokens: Pick<TokenStore, 'isValid'>, now = Date.now): MonitorSessions {
  const sessions = new Map<string, Kept>();
  const codes = new Map<string, Kept>();
  const keep = (kept: Map<string, Kept>, member: Member, seconds: number): { key: string; expiresAt: number } => {
    const [oldest] = kept.keys();
    if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest);
    const key = randomBytes(32).toString('base64url');
    const expiresAt = now() + seconds * 1000;
    kept.set(key, { member, expiresAt });
    return { key, expiresAt };
  };
  const read = (kept: Map<string, Kept>, key: string): Member | undefined => {
    const found = kept.get(key);
    if (found && found.expiresAt > now() && tokens.isValid(found.member)) return found.member;
    kept.delete(key);
    return undefined;
  };
  return {
    open: (member) => keep(sessions, member, sessionSeconds).key,
    find: (session) => read(sessions, session),
    end: (session) => void sessions.delete(session),
    createCode(member) {
      const { key: code, expiresAt } = keep(codes, member, codeSeconds);
      return { code, expiresAt };
    },
    takeCode(code) {
      const member = read(codes, code);
      codes.delete(code);
      return member;
    },
  };
}
