import { describe, expect, it } from 'vitest';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { createLibraryStore } from '../../../src-renderer/features/library/library-store.ts';

const clip = (digit: string, part: Partial<ClipView> = {}): ClipView => ({
  clip: { sha256: digit.repeat(64), mediaType: 'video/mp4', byteLength: 1 },
  ...{ name: `${digit}.mp4`, addedAt: `2026-01-0${digit}`, analysisIds: [] },
  ...part,
});
const refused = { failure: { code: 'CLIP_NO_VIDEO', message: 'This file holds only sound.' } } as const;

/** A bridge whose calls are answered by the test. `tell` sends an event. */
function bridgeDouble(answer: (name: string) => unknown) {
  const listeners = new Map<string, (event: unknown) => void>();
  const double = {
    call: async (name: string) => answer(name),
    acceptFiles: async (files: readonly File[]) => files.map(({ name }) => ({ id: name, name })),
    on: (name: string, listener: (event: unknown) => void) => {
      listeners.set(name, listener);
      return () => undefined;
    },
  };
  return {
    bridge: double as unknown as AppBridge,
    tell: (name: string, event: unknown) => listeners.get(name)?.(event),
  };
}

describe('library', () => {
  it('lists the newest first', async () => {
    const { bridge } = bridgeDouble(() => ({ clips: [clip('1'), clip('3'), clip('2')] }));
    const store = createLibraryStore(bridge, () => undefined);
    await store.getState().load();
    expect([...store.getState().clips.values()].map(({ name }) => name)).toEqual(['3.mp4', '2.mp4', '1.mp4']);
  });

  it('keeps what an event said while the import was still going on, and opens the first clip', async () => {
    const { bridge, tell } = bridgeDouble(() => {
      tell('clip.changed', { clip: clip('1', refused) });
      return { clips: [clip('1'), clip('2')], refused: [] };
    });
    const store = createLibraryStore(bridge, () => undefined);
    await store.getState().dropFiles([new File(['x'], '1.mp4'), new File(['x'], '2.mp4')]);
    const { clips, openClip, importing } = store.getState();
    expect(clips.get(clip('1').clip.sha256)?.failure).toEqual(refused.failure);
    expect([clips.size, openClip, importing]).toEqual([2, clip('1').clip.sha256, 0]);
  });

  it('reports refused files by name and leaves a removed clip closed', async () => {
    const reports: unknown[] = [];
    const failure = { code: 'CLIP_EMPTY', message: 'This file is empty.' };
    const { bridge, tell } = bridgeDouble(() => ({ clips: [clip('1')], refused: [{ name: '0.webm', failure }] }));
    const store = createLibraryStore(bridge, (error, subject) => reports.push([error, subject]));
    await store.getState().dropFiles([new File(['x'], '1.mp4'), new File([], '0.webm')]);
    expect(reports).toEqual([[failure, '0.webm']]);
    tell('clip.removed', { clipSha256: clip('1').clip.sha256 });
    expect([store.getState().clips.size, store.getState().openClip]).toEqual([0, undefined]);
  });
});
