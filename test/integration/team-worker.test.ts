/** A worker machine and its team server: joining, sleeping, refused, waiting. What it works on is in team-network. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runTeamWorker, type TeamWorkerOptions } from '../../worker/join/run-team-worker.ts';
import { askInstance } from '../../worker/machine/instance-lock.ts';
import { heartbeatKey, parseHeartbeat } from '../../worker/protocol/control.ts';
import { encodeInvitation, type Invitation } from '../../worker/protocol/invitation.ts';
import { until } from './app-under-test.ts';
import {
  createTeamServerBench,
  type TeamMachine,
  type TeamServerBench,
  teamServerNotBuilt,
} from './team-server-bench.ts';

describe.skipIf(teamServerNotBuilt !== undefined)(
  `a worker machine ${teamServerNotBuilt ?? ''}`,
  { timeout: 60_000 },
  () => {
    let bench: TeamServerBench;
    let coach: TeamMachine;
    let invitation: Invitation;
    let folder: string;
    const said: string[] = [];
    let running: { ended: Promise<unknown>; abort: AbortController } | undefined;
    let idleSeconds = 10_000;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'shadow-trainer-machine-'));
      bench = await createTeamServerBench();
      await bench.start();
      coach = await bench.join(await bench.invite('Ann', 'coach'));
      invitation = await bench.invite('Rig', 'worker');
    }, 60_000);
    afterEach(async () => {
      running?.abort.abort();
      await running?.ended;
      running = undefined;
      said.length = 0;
    }, 60_000);
    afterAll(async () => {
      await bench?.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }, 60_000);

    const options = (more: Partial<TeamWorkerOptions> = {}): TeamWorkerOptions => ({
      ...{ link: encodeInvitation(invitation), dataDirectory: join(folder, 'data'), workers: 1, device: 'cpu' },
      ...{ whenIdle: false, cacheBytes: 1e9, version: 'test', weightsDirectory: folder, lookMilliseconds: 100 },
      runner: { execPath: process.execPath, env: { NODE_OPTIONS: '--import tsx' } },
      workerScript: join(import.meta.dirname, 'staged-worker.ts'),
      say: (sentence) => said.push(sentence),
      onWorkerLog: () => undefined,
      ...more,
    });
    const start = (more: Partial<TeamWorkerOptions> = {}): Promise<unknown> => {
      const abort = new AbortController();
      const ended = runTeamWorker(options(more), abort.signal).catch((error: unknown) => error);
      running = { ended, abort };
      return ended;
    };
    const workers = async (): Promise<string[]> =>
      (await coach.redis.hvals(heartbeatKey(coach.team.keyPrefix))).flatMap(
        (text) => parseHeartbeat(text)?.workerId ?? [],
      );

    it('joins, keeps its invitation to itself, says what it does, and needs no link the next time', async () => {
      start();
      const [id] = await until('a worker is there', async () => {
        const found = await workers();
        return found.length > 0 && found;
      });
      expect(id).toMatch(/^rig-[0-9a-f]{6}-1$/);
      const { mode } = await stat(join(folder, 'data', 'invitation.json'));
      expect(mode & 0o777).toBe(0o600);
      expect(await askInstance(join(folder, 'data'))).toBe('Rig works for team aces with 1 worker.');
      await expect(runTeamWorker(options(), new AbortController().signal)).rejects.toMatchObject({
        code: 'ALREADY_RUNNING',
      });
      running?.abort.abort();
      expect(await running?.ended).toBeUndefined();
      expect(await workers()).toEqual([]);
      expect(await askInstance(join(folder, 'data'))).toBeUndefined();
      start({ link: undefined });
      // As before: whoever paused it by its id finds it again.
      expect(await until('it is back', async () => (await workers())[0])).toBe(id);
    });

    it('sleeps while somebody uses the machine', async () => {
      idleSeconds = 0;
      start({ whenIdle: true, machine: { read: async () => ({ onMains: true, idleSeconds }) } });
      await until('it sleeps', () => said.includes('Rig sleeps while somebody uses it; team aces waits.'));
      expect(await workers()).toEqual([]);
      idleSeconds = 10_000;
      await until('it works', async () => (await workers()).length === 1);
      idleSeconds = 0;
      await until('it sleeps again', async () => (await workers()).length === 0);
      await until('it says so', () => said.at(-1)?.includes('sleeps'));
    });

    it('waits for a server that is not there, also at its start', async () => {
      await bench.stop();
      start();
      await until('it says so', () => said.some((sentence) => sentence.includes('cannot be reached')));
      await bench.start();
      await until('it works', async () => (await workers().catch(() => [])).length === 1);
      await bench.stop('SIGKILL');
      await until('it says so again', () =>
        said.includes('Rig waits for the server of team aces, which cannot be reached.'),
      );
      await bench.start();
      await until('it goes on', () => said.at(-1) === 'Rig works for team aces with 1 worker.');
    });

    it.each([
      ['no link, and none kept', () => ({ link: undefined, dataDirectory: join(folder, 'new') }), 'INVALID_INPUT'],
      ['a damaged link', () => ({ link: `${encodeInvitation(invitation).slice(0, -1)}x` }), 'INVALID_INPUT'],
      ['an expired one', () => ({ link: encodeInvitation({ ...invitation, expiresAt: 1000 }) }), 'TEAM_REFUSED'],
      [
        'one of another version',
        () => ({ link: encodeInvitation({ ...invitation, protocolVersion: 99 }) }),
        'PROTOCOL_MISMATCH',
      ],
      [
        'an unknown token',
        () => ({ link: encodeInvitation({ ...invitation, token: `${'0'.repeat(12)}.${'A'.repeat(43)}` }) }),
        'TEAM_REFUSED',
      ],
      [
        'another server’s key',
        () => ({ link: encodeInvitation({ ...invitation, pin: 'A'.repeat(43) }) }),
        'TEAM_REFUSED',
      ],
    ])('ends at %s', async (_, more, code) => {
      await expect(runTeamWorker(options(more()), new AbortController().signal)).rejects.toMatchObject({ code });
    });

    it('ends at an invitation for looking on, and at one that cannot be read any more', async () => {
      const link = encodeInvitation(await bench.invite('Eve', 'viewer'));
      await expect(runTeamWorker(options({ link }), new AbortController().signal)).rejects.toMatchObject({
        code: 'TEAM_REFUSED',
      });
      const dataDirectory = await mkdtemp(join(folder, 'damaged-'));
      await writeFile(join(dataDirectory, 'invitation.json'), '{');
      await expect(
        runTeamWorker(options({ link: undefined, dataDirectory }), new AbortController().signal),
      ).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    });
  },
);
