import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../src-main/contract/job-view.ts';
import { openJobBoard } from '../../../src-main/core/jobs/job-board.ts';
import { type BoardName, createPlacedBoard } from '../../../src-main/core/jobs/placed-board.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';
import { createMemoryEngine } from '../../../worker/queue/memory-engine.ts';

const clipSha256 = 'a'.repeat(64);
const view = (status: JobView['status']): JobView => ({
  ...{ id: 'one', kind: 'analyse-clip', clipSha256, status, createdAt: '2026-01-01T00:00:00.000Z' },
});

function create() {
  const said: (JobView | string)[] = [];
  const board = createPlacedBoard({
    onChange: (changed) => said.push(changed),
    onRemove: (id) => said.push(id),
    submit: async ({ id }) => board.get(id),
    take: (_id, act) => act(),
    onCancel: () => undefined,
    onRetry: () => undefined,
  });
  return { board, said };
}

describe('boards as one', () => {
  it('show a job where it goes on, and once', () => {
    const { board, said } = create();
    board.changed('local', view('queued'));
    board.changed('outbox', view('queued'));
    board.removed('local', 'one');
    board.changed('team', view('queued'));
    board.removed('outbox', 'one');
    expect(said).toEqual([
      { ...view('queued'), place: 'local' },
      { ...view('queued'), place: 'team' },
    ]);
    expect(board.list()).toHaveLength(1);
  });

  it('show what was said last where it has ended everywhere', () => {
    const { board } = create();
    board.changed('team', view('failed'));
    board.changed('local', view('done'));
    expect(board.get('one')).toMatchObject({ status: 'done', place: 'local' });
    board.changed('team', view('done'));
    expect(board.get('one')).toMatchObject({ status: 'done', place: 'team' });
    board.changed('local', view('running'));
    expect(board.get('one')).toMatchObject({ status: 'running', place: 'local' });
  });

  it('keep what has ended when a board goes, and tell whoever waits for the rest', async () => {
    const { board, said } = create();
    board.changed('team', { ...view('done'), id: 'ended' });
    board.changed('team', view('running'));
    const waiting = board.waitFor('one', new AbortController().signal);
    board.detach('team');
    await expect(waiting).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(said.at(-1)).toBe('one');
    expect(board.list().map(({ id }) => id)).toEqual(['ended']);
    await expect(board.retry('ended')).rejects.toMatchObject({ code: 'TEAM_UNREACHABLE' });
    await board.discard('ended');
    expect(board.list()).toEqual([]);
  });

  it('do what is wanted of a job where it is', async () => {
    const { board } = create();
    const open = async (name: BoardName) => {
      const engine = createMemoryEngine();
      const opened = await openJobBoard({
        engine,
        onChange: (changed) => board.changed(name, changed),
        onRemove: (id) => board.removed(name, id),
      });
      board.attach(name, { engine, board: opened });
      return { engine, board: opened };
    };
    const [local, team] = [await open('local'), await open('team')];
    const clip = { sha256: clipSha256, mediaType: 'video/mp4', byteLength: 1 };
    const payload = {
      protocolVersion,
      ...{ clip, clipName: 'clip.mp4', limits: { maximumSeconds: 1, minimumPixels: 1 } },
      parameters: { model: 'blazepose-lite' },
    } as const;
    for (const each of [local, team])
      await each.board.submit({ name: 'analyse-clip', id: 'one', payload, priority: 1, isIntact: async () => true });
    expect(board.engineOf('one')).toBe(team.engine);
    await board.cancel('one');
    expect(team.board.get('one').status).toBe('cancelled');
    // Its other life goes on.
    expect(board.get('one')).toMatchObject({ status: 'queued', place: 'local' });
    await board.close();
  });
});
