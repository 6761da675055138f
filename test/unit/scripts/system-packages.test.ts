import { describe, expect, it } from 'vitest';
import type { Run } from '../../../scripts/setup/run-command.mjs';
import { createSystemPackages, planInstall } from '../../../scripts/setup/system-packages.mjs';

const names = { apt: 'redis-server', brew: 'redis' };
const none = { apt: false, brew: false, root: false, sudo: 'none' } as const;
const aptInstall = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-q', '-y'];

describe('planInstall', () => {
  it('installs with apt as root', () => {
    expect(planInstall({ ...none, apt: true, root: true }, names)).toEqual({
      manager: 'apt',
      interactive: false,
      refresh: [['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'update', '-q']],
      install: [[...aptInstall, '--no-install-recommends', 'redis-server']],
    });
  });
  it('goes through sudo, and lets it ask only where there is a terminal', () => {
    expect(planInstall({ ...none, apt: true, sudo: 'free' }, names)).toMatchObject({
      interactive: false,
      install: [['sudo', '-n', ...aptInstall, '--no-install-recommends', 'redis-server']],
    });
    expect(planInstall({ ...none, apt: true, sudo: 'password' }, names)).toMatchObject({
      interactive: true,
      install: [['sudo', ...aptInstall, '--no-install-recommends', 'redis-server']],
    });
  });
  it('installs with brew, applications as casks', () => {
    expect(planInstall({ ...none, brew: true }, names)).toMatchObject({ install: [['brew', 'install', 'redis']] });
    expect(planInstall({ ...none, brew: true }, { apt: 'chromium', brew: 'google-chrome', cask: true })).toMatchObject({
      install: [['brew', 'install', '--cask', 'google-chrome']],
    });
  });
  it('says why it cannot', () => {
    expect(planInstall({ ...none, apt: true }, names)).toBe('installing it needs root or sudo');
    expect(planInstall(none, names)).toBe('there is no apt-get or brew to install it with');
  });
});

describe('createSystemPackages', () => {
  const create = (exitCodeOf: (command: string) => number) => {
    const commands: string[] = [];
    const run: Run = async (program, args) => {
      const command = [program, ...args].join(' ');
      commands.push(command);
      return { exitCode: exitCodeOf(command), output: 'E: Unable to locate package' };
    };
    const tools = async () => ({ ...none, apt: true, root: true });
    return { commands, packages: createSystemPackages({ run, say: () => undefined, tools }) };
  };

  it('refreshes the lists once for all packages', async () => {
    const { commands, packages } = create(() => 0);
    await packages.install(names);
    await packages.install({ apt: 'ffmpeg', brew: 'ffmpeg' });
    expect(commands.filter((command) => command.includes('apt-get update'))).toHaveLength(1);
    expect(commands).toHaveLength(3);
  });

  it('goes on when the lists cannot be refreshed', async () => {
    const { packages } = create((command) => (command.includes('update') ? 100 : 0));
    expect(await packages.install(names)).toEqual({ installed: true, by: 'apt' });
  });

  it('says what the package manager said', async () => {
    const { packages } = create((command) => (command.includes('install') ? 100 : 0));
    expect(await packages.install(names)).toEqual({
      installed: false,
      why: 'apt could not install it (E: Unable to locate package)',
    });
  });
});
