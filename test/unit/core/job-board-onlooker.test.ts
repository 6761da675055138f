import { describe, expect, it, vi } from 'vitest';
import { openJobBoard } from '../../../src-main/core/jobs/job-board.ts';
import { defaultClipLimits } from '../../../worker/protocol/jobs.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import { createMemoryEngine } from '../../../worker/queue/memory-engine.ts';

const add = (engine: ReturnType<typeof createMemoryEngine>, id: string) => {
  const clip = { sha256: 'a'.repeat(64), byteLength: 1, mediaType: 'video/mp4' };
  const data = {
    protocolVersion,
    clip,
    clipName: 'a.mp4',
    limits: defaultClipLimits,
    parameters: { model: 'blazepose-lite' },
  };
  return engine.add({ queue: 'analysis', name: 'analyse-clip', id, data, priority: 1 });
};

describe('a job board that looks on', { timeout: 30_000 }, () => {
  it('lets a job go that was taken elsewhere, where another would queue it again', async () => {
    for (const isOnlooker of [true, false]) {
      const engine = createMemoryEngine();
      const gone: string[] = [];
      await add(engine, 'one');
      const board = await openJobBoard({
        engine,
        isOnlooker,
        onChange: () => undefined,
        onRemove: (id) => void gone.push(id),
      });
      expect(board.list()).toHaveLength(1);
      await engine.remove({ queue: 'analysis', id: 'one' });
      await vi.waitFor(
        async () => {
          if (isOnlooker) expect(gone).toEqual(['one']);
          else expect(await engine.get({ queue: 'analysis', id: 'one' })).toBeDefined();
        },
        { timeout: 10_000 },
      );
      expect(board.list()).toHaveLength(isOnlooker ? 0 : 1);
      await board.close();
      await engine.close();
    }
  });

  it('remembers a thousand ended jobs, the last ones', async () => {
    const engine = createMemoryEngine();
    const board = await openJobBoard({ engine, isOnlooker: true, onChange: () => undefined });
    const ids = Array.from({ length: 1005 }, (_, i) => `job-${i}`);
    for (const id of ids) await add(engine, id);
    await vi.waitFor(() => expect(board.list()).toHaveLength(ids.length), { timeout: 10_000 });
    for (const id of ids) await board.cancel(id);
    await vi.waitFor(() => expect(board.list()).toHaveLength(1000), { timeout: 10_000 });
    // Of the queue itself nothing is lost.
    expect(await engine.get({ queue: 'analysis', id: 'job-0' })).toBeDefined();
    await board.close();
    await engine.close();
  });
});
