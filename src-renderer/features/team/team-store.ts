import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { InvitedMember, MemberInvitation, TeamMember } from '../../../src-main/contract/member-views.ts';
import type { QueuedJobsChoice, TeamStatus } from '../../../src-main/contract/team-views.ts';
import { failureOf } from '../notices/failure-of.ts';
import type { Report } from '../notices/notices-store.ts';

/** What is being done, each with its own button to wait at. */
export type TeamAct = 'join' | 'switch' | 'leave' | 'invite' | 'remove' | 'monitor';

export interface TeamProblem {
  readonly act: TeamAct;
  readonly message: string;
}

export interface TeamState {
  /** Undefined until the core has answered. */
  readonly status: TeamStatus | undefined;
  readonly isOpen: boolean;
  /** As it was pasted. */
  readonly invitation: string;
  readonly acting: TeamAct | undefined;
  /** Why the last thing could not be done; gone with the next. */
  readonly problem: TeamProblem | undefined;
  /** For operators; undefined while unknown. */
  readonly members: readonly TeamMember[] | undefined;
  /** Whoever was invited last: the link is shown this once. */
  readonly invited: InvitedMember | undefined;
  load(): Promise<void>;
  show(isOpen: boolean): void;
  setInvitation(text: string): void;
  join(): Promise<void>;
  switch(on: boolean, queuedJobs: QueuedJobsChoice): Promise<void>;
  leave(queuedJobs: QueuedJobsChoice): Promise<void>;
  loadMembers(): Promise<void>;
  invite(wish: MemberInvitation): Promise<void>;
  remove(name: string): Promise<void>;
  forgetInvited(): void;
  /** Opens the monitor in a browser's window. */
  openMonitor(): Promise<void>;
}

export function createTeamStore(bridge: AppBridge, report: Report) {
  const store = createStore<TeamState>()((set, get) => {
    const attempt = async (act: TeamAct, run: () => Promise<Partial<TeamState>>): Promise<void> => {
      set({ acting: act, problem: undefined });
      try {
        set({ ...(await run()), acting: undefined });
      } catch (error) {
        set({ acting: undefined, problem: { act, message: failureOf(error).message } });
      }
    };
    return {
      status: undefined,
      isOpen: false,
      invitation: '',
      acting: undefined,
      problem: undefined,
      members: undefined,
      invited: undefined,
      load: async () => {
        try {
          const { status } = await bridge.call('team.status', {});
          // An event that overtook the answer is the newer truth.
          set((state) => ({ status: state.status ?? status }));
        } catch (error) {
          report(error);
        }
      },
      show: (isOpen) => set({ isOpen, problem: undefined, ...(!isOpen && { invited: undefined }) }),
      setInvitation: (invitation) => set({ invitation, problem: undefined }),
      join: () =>
        attempt('join', async () => {
          const { status } = await bridge.call('team.join', { invitation: get().invitation });
          return { status, invitation: '', members: undefined };
        }),
      switch: (on, queuedJobs) =>
        attempt('switch', async () => ({ status: (await bridge.call('team.switch', { on, queuedJobs })).status })),
      leave: (queuedJobs) =>
        attempt('leave', async () => {
          const { status } = await bridge.call('team.leave', { queuedJobs });
          return { status, members: undefined, invited: undefined };
        }),
      loadMembers: async () => {
        // Whoever is no operator, or not connected, sees none: the panel says so elsewhere.
        const answer = await bridge.call('members.list', {}).catch(() => undefined);
        set({ members: answer?.members });
      },
      invite: (wish) =>
        attempt('invite', async () => {
          const invited = await bridge.call('members.invite', wish);
          void get().loadMembers();
          return { invited };
        }),
      remove: (name) =>
        attempt('remove', async () => {
          await bridge.call('members.remove', { name });
          await get().loadMembers();
          return {};
        }),
      forgetInvited: () => set({ invited: undefined }),
      openMonitor: () =>
        attempt('monitor', async () => {
          const { url } = await bridge.call('monitor.link', {});
          window.open(url, '_blank', 'noopener');
          return {};
        }),
    };
  });
  bridge.on('team.changed', ({ status }) => store.setState({ status }));
  // Opened elsewhere: it is shown, and joined by the coach alone.
  bridge.on('team.invited', ({ invitation }) => store.setState({ invitation, isOpen: true, problem: undefined }));
  return store;
}
