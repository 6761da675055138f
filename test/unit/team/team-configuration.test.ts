import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTeamConfiguration } from '../../../worker/team/team-configuration.ts';

describe('team configuration', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-team-'));
    file = join(folder, 'team.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (settings: unknown, environment: NodeJS.ProcessEnv = {}) => {
    writeFileSync(file, typeof settings === 'string' ? settings : JSON.stringify(settings));
    return readTeamConfiguration({ file, environment });
  };

  it('has everything that a first start needs', async () => {
    const configuration = await readTeamConfiguration({ environment: {} });
    expect(configuration).toMatchObject({
      port: 7443,
      team: 'team',
      redis: { kind: 'embedded', port: 7444 },
      assets: { kind: 'disk' },
    });
    expect(configuration.address).not.toBe('');
  });

  it('reads the file, and the environment over it', async () => {
    const settings = { dataDirectory: folder, address: 'a.example', team: 'aces', port: 1000 };
    const environment = {
      SHADOW_TRAINER_TEAM_PORT: '2000',
      SHADOW_TRAINER_TEAM_REDIS_PORT: '2001',
      SHADOW_TRAINER_TEAM_NAME: 'bears',
    };
    expect(await read(settings, environment)).toMatchObject({
      ...{ dataDirectory: folder, address: 'a.example', team: 'bears', port: 2000 },
      redis: { kind: 'embedded', port: 2001 },
    });
    const other = await readTeamConfiguration({ environment: { SHADOW_TRAINER_TEAM_CONFIG: file } });
    expect(other.team).toBe('aces');
  });

  it('takes secrets from the environment', async () => {
    const redis = { kind: 'existing', target: { kind: 'cluster', nodes: [{ host: 'r', port: 6379 }] } };
    const assets = { kind: 's3', endpoint: 'https://s3.example', bucket: 'b' };
    const environment = {
      SHADOW_TRAINER_TEAM_REDIS_USERNAME: 'admin',
      SHADOW_TRAINER_TEAM_REDIS_PASSWORD: 'secret',
      SHADOW_TRAINER_TEAM_S3_ACCESS_KEY_ID: 'id',
      SHADOW_TRAINER_TEAM_S3_SECRET_ACCESS_KEY: 'key',
    };
    expect(await read({ redis, assets }, environment)).toMatchObject({
      redis: { target: { username: 'admin', password: 'secret' } },
      assets: { accessKeyId: 'id', secretAccessKey: 'key' },
    });
  });

  it.each<[unknown, RegExp]>([
    ['{', /cannot be read as a JSON object/],
    [{ prot: 1 }, /There is no setting prot\./],
    [{ limits: { colour: 1 } }, /There is no setting limits\.colour\./],
    [{ port: 70_000 }, /port: /],
    [{ address: 'https://x/' }, /address: must be a host name/],
    [{ team: '../x' }, /team: /],
    [{ team: 'A' }, /team: /],
    [{ port: 7444 }, /redis\.port and port must differ/],
    [{ redis: { kind: 'existing', target: { kind: 'socket', path: '/x' } } }, /redis\.public is missing/],
    [
      { assets: { kind: 's3', endpoint: 'x', bucket: 'b', accessKeyId: 'i', secretAccessKey: 's' } },
      /assets\.endpoint/,
    ],
    [{ tls: { certificateFile: 'a' } }, /tls\.keyFile/],
  ])('says what is wrong: %j', async (settings, sentence) => {
    const failed = read(settings);
    await expect(failed).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
    await expect(failed).rejects.toThrow(sentence);
  });
});
