import { createStore } from 'zustand/vanilla';
import type { AppBridge, FileReference } from '../../../src-main/contract/bridge.ts';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import type { Report } from '../notices/notices-store.ts';

/** Endings that file dialogs offer. Anything can be dropped: the core decides what is a clip. */
const clipEndings = ['.mp4', '.mov', '.m4v', '.avi', '.mkv', '.webm', '.mts', '.m2ts', '.mpg', '.mpeg', '.wmv', '.3gp'];

export interface LibraryState {
  readonly status: 'loading' | 'ready' | 'failed';
  /** By sha256, newest first. */
  readonly clips: ReadonlyMap<string, ClipView>;
  readonly openClip: string | undefined;
  /** Files on their way into the library. */
  readonly importing: number;
  load(): Promise<void>;
  open(clipSha256: string | undefined): void;
  chooseFiles(): Promise<void>;
  dropFiles(files: readonly File[]): Promise<void>;
  importSample(): Promise<void>;
  remove(clipSha256: string): Promise<void>;
}

export function createLibraryStore(bridge: AppBridge, report: Report) {
  const store = createStore<LibraryState>()((set, get) => {
    /** What a call brought. An event that overtook it is the newer truth. */
    const put = (added: readonly ClipView[]) => {
      const known = get().clips;
      const clips = new Map([...added.map((clip) => [clip.clip.sha256, clip] as const), ...known]);
      set({ clips: newestFirst(clips) });
    };
    const bringIn = async (count: number, files: () => Promise<readonly FileReference[]>) => {
      set(({ importing }) => ({ importing: importing + count }));
      try {
        const chosen = await files();
        if (chosen.length === 0) return;
        const { clips, refused } = await bridge.call('library.import', { files: [...chosen] });
        put(clips);
        for (const { name, failure } of refused) report(failure, name);
        if (clips[0] !== undefined) get().open(clips[0].clip.sha256);
      } catch (error) {
        report(error);
      } finally {
        set(({ importing }) => ({ importing: importing - count }));
      }
    };
    return {
      status: 'loading',
      clips: new Map(),
      openClip: undefined,
      importing: 0,
      load: async () => {
        set({ status: 'loading' });
        try {
          put((await bridge.call('library.list', {})).clips);
          set({ status: 'ready' });
        } catch (error) {
          set({ status: 'failed' });
          report(error);
        }
      },
      open: (openClip) => set({ openClip }),
      chooseFiles: async () => {
        try {
          const files = await bridge.pickFiles({ accept: clipEndings, multiple: true });
          if (files.length > 0) await bringIn(files.length, async () => files);
        } catch (error) {
          report(error);
        }
      },
      dropFiles: (files) => bringIn(files.length, () => bridge.acceptFiles(files)),
      importSample: async () => {
        try {
          const { clip } = await bridge.call('library.importSample', {});
          put([clip]);
          get().open(clip.clip.sha256);
        } catch (error) {
          report(error);
        }
      },
      remove: async (clipSha256) => {
        try {
          await bridge.call('library.remove', { clipSha256 });
          forget(clipSha256);
        } catch (error) {
          report(error);
        }
      },
    };
  });
  const forget = (clipSha256: string) => {
    const clips = new Map(store.getState().clips);
    clips.delete(clipSha256);
    store.setState(({ openClip }) => ({ clips, openClip: openClip === clipSha256 ? undefined : openClip }));
  };
  bridge.on('clip.changed', ({ clip }) =>
    store.setState(({ clips }) => ({ clips: newestFirst(new Map(clips).set(clip.clip.sha256, clip)) })),
  );
  bridge.on('clip.removed', ({ clipSha256 }) => forget(clipSha256));
  return store;
}

function newestFirst(clips: ReadonlyMap<string, ClipView>): ReadonlyMap<string, ClipView> {
  return new Map([...clips].sort(([, a], [, b]) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0)));
}
