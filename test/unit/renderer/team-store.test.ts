import { describe, expect, it, vi } from 'vitest';
import type { AppBridge, AppEvents } from '../../../src-main/contract/bridge.ts';
import type { TeamStatus } from '../../../src-main/contract/team-views.ts';
import { createTeamStore } from '../../../src-renderer/features/team/team-store.ts';
import { stateSentence, stateWords, workWords } from '../../../src-renderer/features/team/team-words.ts';

const local: TeamStatus = {
  ...{ state: 'local', since: '2026-01-01T00:00:00Z', isSwitching: false, machines: [], transfers: [] },
  ...{ outbox: 0, isSharing: false, leftBehind: 0 },
};
const joined: TeamStatus = {
  ...local,
  membership: { team: 'aces', server: 'host:1', joinedAt: '2026-01-01T00:00:00Z', role: 'operator' },
};

function setUp(answers: Partial<Record<string, () => unknown>>) {
  const listeners = new Map<string, (event: never) => void>();
  const call = vi.fn(async (name: string, _input: unknown) => {
    const answer = answers[name];
    if (answer === undefined) throw { code: 'INTERNAL', message: `${name} was not expected` };
    return answer();
  });
  const bridge = {
    call,
    on: (name: string, listener: (event: never) => void) => {
      listeners.set(name, listener);
      return () => undefined;
    },
  } as unknown as AppBridge;
  const report = vi.fn();
  const store = createTeamStore(bridge, report);
  const emit = <K extends 'team.changed' | 'team.invited'>(name: K, event: AppEvents[K]) =>
    listeners.get(name)?.(event as never);
  return { store, call, report, emit };
}

describe('the team store', () => {
  it('keeps what was pasted where joining fails, with the reason beside it', async () => {
    const { store } = setUp({
      'team.join': () => {
        throw { code: 'TEAM_REFUSED', message: 'This invitation has expired. Ask for a new one.' };
      },
    });
    store.getState().setInvitation('shadow-trainer://join/x');
    await store.getState().join();
    expect(store.getState()).toMatchObject({
      invitation: 'shadow-trainer://join/x',
      acting: undefined,
      problem: { act: 'join', message: 'This invitation has expired. Ask for a new one.' },
    });
    store.getState().setInvitation('another');
    expect(store.getState().problem).toBeUndefined();
  });
  it('keeps no invitation, which is a key, once it was used', async () => {
    const { store, call } = setUp({ 'team.join': () => ({ status: joined }) });
    store.getState().setInvitation('shadow-trainer://join/x');
    await store.getState().join();
    expect(call).toHaveBeenCalledWith('team.join', { invitation: 'shadow-trainer://join/x' });
    expect(store.getState()).toMatchObject({ invitation: '', status: joined });
  });
  it('forgets the link of somebody invited when the panel is closed', async () => {
    const invited = { member: { name: 'Ben', role: 'coach', createdAt: 0 }, link: 'x', code: '<svg/>' };
    const { store } = setUp({ 'members.invite': () => invited, 'members.list': () => ({ members: [] }) });
    store.getState().show(true);
    await store.getState().invite({ name: 'Ben', role: 'coach' });
    expect(store.getState().invited).toEqual(invited);
    store.getState().show(false);
    expect(store.getState().invited).toBeUndefined();
  });
  it('shows an invitation that was opened elsewhere, and joins nothing by itself', () => {
    const { store, call, emit } = setUp({});
    emit('team.invited', { invitation: 'shadow-trainer://join/x' });
    expect(store.getState()).toMatchObject({ isOpen: true, invitation: 'shadow-trainer://join/x' });
    expect(call).not.toHaveBeenCalled();
  });
  it('lets an event that overtook the first answer stand', async () => {
    const { store, emit } = setUp({ 'team.status': () => ({ status: local }) });
    const loading = store.getState().load();
    emit('team.changed', { status: joined });
    await loading;
    expect(store.getState().status).toEqual(joined);
  });
});

describe('the words of the team', () => {
  it('tell where the queue is', () => {
    expect(stateWords(local)).toBe('This computer');
    expect(stateWords(joined)).toBe('This computer');
    expect(stateWords({ ...joined, state: 'team' })).toBe('Team aces');
    expect(stateWords({ ...joined, state: 'reconnecting' })).toBe('Reconnecting to aces');
    expect(stateWords({ ...joined, isSwitching: true })).toBe('Switching…');
  });
  it('tell what happens while the server is away', () => {
    const away: TeamStatus = { ...joined, state: 'reconnecting', outbox: 2 };
    expect(stateSentence(away, true)).toMatch(
      /New jobs wait here and are sent when it is back\. 2 jobs wait for it\.$/,
    );
    expect(stateSentence({ ...away, outbox: 0 }, false)).toMatch(/New jobs are done on this computer meanwhile\.$/);
  });
  it('count workers', () => {
    const machine = { id: 'm', name: 'rig', isThis: false, workers: 4, busy: 2, models: [] };
    expect(workWords(machine)).toBe('2 of 4 working');
    expect(workWords({ ...machine, busy: 0 })).toBe('4 workers, idle');
    expect(workWords({ ...machine, workers: 0, busy: 0 })).toBe('No workers');
  });
});
