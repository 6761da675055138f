import { describe, expect, it } from 'vitest';
import { type Capabilities, createJobRoutes } from '../../../worker/job-routes.ts';
import { type Heartbeat, heartbeatExpirySeconds } from '../../../worker/protocol/control.ts';
import { protocolVersion } from '../../../worker/protocol/version.ts';

const lite = { 'blazepose-lite': 'a' } as const;
const cpu: Capabilities = { models: lite, device: { requested: 'cpu', active: 'cpu' } };
const gpu: Capabilities = { models: lite, device: { requested: 'cuda', active: 'cuda' } };
const fallenBack: Capabilities = { models: lite, device: { requested: 'cuda', active: 'cpu', fallbackReason: 'none' } };
const job = (prefers?: 'gpu') => ({ parameters: { model: 'blazepose-lite' }, ...(prefers && { prefers }) });

let time = 0;
const heartbeat = (own: Capabilities, more: Partial<Heartbeat> = {}): Heartbeat => ({
  ...{ workerId: 'other', at: 1, protocolVersion, appVersion: '', versions: { onnxruntime: '' } },
  ...{ currentJobs: [], memoryBytes: 0, ...own, ...more },
});
const routes = (own: Capabilities, others: readonly Heartbeat[]) =>
  createJobRoutes({
    own: () => own,
    readHeartbeats: async () => others.map((other) => JSON.stringify(other)),
    now: () => time,
  });
const isLeft = (own: Capabilities, others: readonly Heartbeat[], data = job()) =>
  routes(own, others).belongsElsewhere(data);

describe('a job', () => {
  it('is left to whoever has its model, and to nobody where nobody has it', async () => {
    const bare: Capabilities = { models: {}, device: cpu.device };
    expect(await isLeft(bare, [heartbeat(cpu)])).toBe(true);
    expect(await isLeft(bare, [heartbeat(bare)])).toBe(false);
    expect(await isLeft(cpu, [heartbeat(cpu)])).toBe(false);
    expect(await isLeft(bare, [heartbeat(cpu)], { parameters: {} as { model: string } })).toBe(false);
    // Of two wants the model is the one that cannot be done without.
    expect(await isLeft({ ...gpu, models: {} }, [heartbeat(cpu)], job('gpu'))).toBe(true);
  });

  it('that prefers a graphics processor is left to one, as long as there is one with its model', async () => {
    expect(await isLeft(cpu, [heartbeat(gpu)], job('gpu'))).toBe(true);
    expect(await isLeft(fallenBack, [heartbeat(gpu)], job('gpu'))).toBe(true);
    expect(await isLeft(cpu, [heartbeat(gpu)])).toBe(false);
    expect(await isLeft(gpu, [heartbeat(gpu)], job('gpu'))).toBe(false);
    for (const other of [fallenBack, cpu, { ...gpu, models: {} }])
      expect(await isLeft(cpu, [heartbeat(other)], job('gpu'))).toBe(false);
  });

  it('is not left to one that takes no jobs', async () => {
    for (const more of [{ paused: true }, { leaving: true }, { refusal: 'No.' }, { protocolVersion: 99 }])
      expect(await isLeft(cpu, [heartbeat(gpu, more)], job('gpu')), JSON.stringify(more)).toBe(false);
  });

  it('is not left to one that has fallen silent, whatever its clock says', async () => {
    const others = [heartbeat(gpu, { at: 5e12 })];
    const watching = routes(cpu, others);
    expect(await watching.belongsElsewhere(job('gpu'))).toBe(true);
    time += heartbeatExpirySeconds * 1000;
    expect(await watching.belongsElsewhere(job('gpu'))).toBe(false);
    others[0] = heartbeat(gpu, { at: 4e12 });
    expect(await watching.belongsElsewhere(job('gpu'))).toBe(true);
  });
});
