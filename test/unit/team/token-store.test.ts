import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teamTokenSchema } from '../../../worker/protocol/team.ts';
import { openTokenStore } from '../../../worker/team/token-store.ts';

describe('token store', () => {
  let folder: string;
  let path: string;
  let now: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-tokens-'));
    path = join(folder, 'members.json');
    now = 1_000_000;
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = () => openTokenStore(path, () => now);
  const ann = { team: 'aces', name: 'Ann', role: 'coach' } as const;

  it('tells a token once and keeps only its hash', async () => {
    const store = await open();
    const { token, member } = await store.issue(ann);
    expect(teamTokenSchema.safeParse(token).success).toBe(true);
    expect(store.find(token)).toMatchObject({ ...ann, id: member.id, lastUsedAt: now });
    expect(readFileSync(path, 'utf8')).not.toContain(token.split('.')[1]);
    const again = await open();
    expect(again.find(token)).toMatchObject(ann);
    for (const other of ['', token.slice(0, -1), `${token}A`, token.toUpperCase()])
      expect(again.find(other)).toBeUndefined();
  });

  it('gives no two people of a team one name, and no two tokens are alike', async () => {
    const store = await open();
    const first = await store.issue(ann);
    await expect(store.issue({ ...ann, role: 'viewer' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const other = await store.issue({ ...ann, team: 'bears' });
    expect(other.token).not.toBe(first.token);
    expect(store.list('aces')).toHaveLength(1);
    expect(store.list()).toHaveLength(2);
  });

  it('knows a token no more when it has expired or was taken back', async () => {
    const store = await open();
    const { token } = await store.issue({ ...ann, expiresAt: now + 1000 });
    now += 999;
    expect(store.find(token)).toBeDefined();
    now += 1;
    expect(store.find(token)).toBeUndefined();
    const { token: second, member } = await store.issue({ ...ann, name: 'Bob' });
    expect(await store.revoke('bears', 'Bob')).toBeUndefined();
    expect(await store.revoke('aces', 'Bob')).toMatchObject({ id: member.id });
    expect(store.find(second)).toBeUndefined();
    expect((await open()).find(second)).toBeUndefined();
    expect(store.isValid(member)).toBe(false);
  });

  it('writes down when a token was used last', async () => {
    const store = await open();
    const { token } = await store.issue(ann);
    now += 5000;
    store.find(token);
    await store.flush();
    expect((await open()).list()[0]?.lastUsedAt).toBe(now);
  });

  it('lets nobody in by guess where its file is damaged', async () => {
    writeFileSync(path, '{"members":');
    await expect(open()).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});
