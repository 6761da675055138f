import { describe, expect, it } from 'vitest';
import { createMonitorSessions, sessionSeconds } from '../../../src-main/hosts/team-server/monitor-sessions.ts';
import { signInPage } from '../../../src-main/hosts/team-server/sign-in-page.ts';
import type { Member } from '../../../worker/team/token-store.ts';

const member: Member = {
  ...{ id: '0123456789ab', team: 'aces', name: 'Vic', role: 'viewer', hash: 'f'.repeat(64), createdAt: 0 },
};

function setUp() {
  let time = 1_000_000;
  let isValid = true;
  const sessions = createMonitorSessions({ isValid: () => isValid }, () => time);
  return {
    sessions,
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
    revoke: () => {
      isValid = false;
    },
  };
}

describe('sessions of the monitor', () => {
  it('last for a while', () => {
    const { sessions, pass } = setUp();
    const session = sessions.open(member);
    expect(sessions.find(session)).toBe(member);
    pass(sessionSeconds - 1);
    expect(sessions.find(session)).toBe(member);
    pass(1);
    expect(sessions.find(session)).toBeUndefined();
  });
  it('end when they are told to, and with their member', () => {
    const { sessions, revoke } = setUp();
    const [first, second] = [sessions.open(member), sessions.open(member)];
    sessions.end(first);
    expect(sessions.find(first)).toBeUndefined();
    expect(sessions.find(second)).toBe(member);
    revoke();
    expect(sessions.find(second)).toBeUndefined();
  });
  it('are opened by a link once, within ten minutes', () => {
    const { sessions, pass } = setUp();
    const first = sessions.createCode(member);
    expect(sessions.takeCode(first.code)).toBe(member);
    expect(sessions.takeCode(first.code)).toBeUndefined();
    const second = sessions.createCode(member);
    pass(600);
    expect(sessions.takeCode(second.code)).toBeUndefined();
    // A link is no session, nor the other way round.
    expect(sessions.find(sessions.createCode(member).code)).toBeUndefined();
    expect(sessions.takeCode(sessions.open(member))).toBeUndefined();
  });
  it('are not without number: the oldest make room', () => {
    const { sessions } = setUp();
    const oldest = sessions.open(member);
    for (let i = 0; i < 1000; i++) sessions.open(member);
    expect(sessions.find(oldest)).toBeUndefined();
  });
});

describe('the sign-in page', () => {
  it('writes nothing into the page that could be taken for markup', () => {
    const page = signInPage({ code: '"><script>x</script>', problem: '<img src=x onerror=y>' });
    expect(page).not.toMatch(/<script|<img/);
  });
});
