import { createStore } from 'zustand/vanilla';
import type { AppBridge, AppCalls } from '../../../src-main/contract/bridge.ts';
import type { Settings, WorkerView } from '../../../src-main/contract/calls.ts';
import type { Report } from '../notices/notices-store.ts';

export interface SettingsState {
  /** Undefined until the core has answered. */
  readonly settings: Settings | undefined;
  readonly info: AppCalls['app.info']['output'] | undefined;
  readonly workers: ReadonlyMap<string, WorkerView>;
  load(): Promise<void>;
  loadWorkers(): Promise<void>;
  change(part: Partial<Settings>): Promise<void>;
}

export function createSettingsStore(bridge: AppBridge, report: Report) {
  const store = createStore<SettingsState>()((set, get) => ({
    settings: undefined,
    info: undefined,
    workers: new Map(),
    load: async () => {
      try {
        const [info, { settings }] = await Promise.all([
          bridge.call('app.info', {}),
          bridge.call('settings.get', {}),
          get().loadWorkers(),
        ]);
        set({ info, settings });
      } catch (error) {
        report(error);
      }
    },
    loadWorkers: async () => {
      const { workers } = await bridge.call('workers.list', {});
      set({ workers: new Map(workers.map((worker) => [worker.id, worker])) });
    },
    change: async (part) => {
      const before = get().settings;
      if (before === undefined) return;
      const wanted = { ...before, ...part };
      set({ settings: wanted });
      try {
        set({ settings: (await bridge.call('settings.set', { settings: wanted })).settings });
      } catch (error) {
        set({ settings: before });
        report(error);
      }
    },
  }));
  bridge.on('settings.changed', ({ settings }) => {
    store.setState({ settings });
    // Where metrics are served, for one, follows from the settings.
    bridge.call('app.info', {}).then((info) => store.setState({ info }), report);
  });
  bridge.on('worker.changed', ({ worker }) =>
    store.setState(({ workers }) => ({ workers: new Map(workers).set(worker.id, worker) })),
  );
  return store;
}
