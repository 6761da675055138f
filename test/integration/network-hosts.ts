/** Machines with a network of their own (Linux network namespaces), on one switch; any cable can be pulled. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandIn, type Place } from './place.ts';

export interface NetworkHost extends Place {
  /** Its link goes down, as when the cable is pulled. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  /** A port of this machine that leads to that port of the host's own 127.0.0.1, cable or not. */
  reach(port: number): Promise<number>;
}

export interface HostNetwork<Name extends string> {
  readonly hosts: Readonly<Record<Name, NetworkHost>>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const ip = async (...args: string[]): Promise<void> => void (await run('ip', args));

/** Why no such network can be made here; undefined where it can. */
export const noNetwork = findObstacle();

function findObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = `st${process.pid}try`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
  } catch (error) {
    return `ip netns add: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
  try {
    execFileSync('ip', ['-n', name, 'link', 'add', 'switch', 'type', 'bridge'], { stdio: 'pipe' });
    execFileSync('ip', ['-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `no bridge or veth: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  } finally {
    execFileSync('ip', ['netns', 'del', name]);
  }
}

/**
 * The switch is a namespace of its own. `bitsPerSecond`: how fast a host may send, where it is not as fast as it can.
 */
export async function createHostNetwork<Name extends string>(
  names: readonly Name[],
  bitsPerSecond: Partial<Record<Name, number>> = {},
): Promise<HostNetwork<Name>> {
  const prefix = `st${process.pid}`;
  const spaces: string[] = [];
  const ways: (() => void)[] = [];
  const removeAll = (): void => {
    for (const close of ways.splice(0)) close();
    // With a namespace its ends of the cables go, and the other ends with them.
    for (const space of spaces.splice(0)) execFileSync('ip', ['netns', 'del', space]);
  };
  const add = async (name: string): Promise<string> => {
    const space = `${prefix}${name}`;
    await ip('netns', 'add', space);
    spaces.push(space);
    await ip('-n', space, 'link', 'set', 'lo', 'up');
    return space;
  };
  process.once('exit', removeAll);
  try {
    const hub = await add('switch');
    await ip('-n', hub, 'link', 'add', 'switch', 'type', 'bridge');
    await ip('-n', hub, 'link', 'set', 'switch', 'up');
    const hosts: [Name, NetworkHost][] = [];
    for (const [i, name] of names.entries()) {
      const space = await add(name);
      const host = `10.77.0.${i + 1}`;
      const port = `port${i}`;
      await ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      await ip('-n', hub, 'link', 'set', port, 'master', 'switch', 'up');
      await ip('-n', space, 'address', 'add', `${host}/24`, 'dev', 'eth0');
      await ip('-n', space, 'link', 'set', 'eth0', 'up');
      const rate = bitsPerSecond[name];
      if (rate !== undefined) {
        const shape = ['qdisc', 'add', 'dev', 'eth0', 'root', 'tbf', 'rate', `${rate}bit`, 'burst', '64kb'];
        await run('tc', ['-n', space, ...shape, 'latency', '200ms']);
      }
      hosts.push([
        name,
        {
          host,
          within: ['ip', 'netns', 'exec', space],
          unplug: () => ip('-n', hub, 'link', 'set', port, 'down'),
          plug: () => ip('-n', hub, 'link', 'set', port, 'up'),
          async reach(target) {
            const way = await openWay({ host, within: ['ip', 'netns', 'exec', space] }, target);
            ways.push(way.close);
            return way.port;
          },
        },
      ]);
    }
    return {
      hosts: Object.fromEntries(hosts) as Record<Name, NetworkHost>,
      async close() {
        process.off('exit', removeAll);
        removeAll();
      },
    };
  } catch (error) {
    process.off('exit', removeAll);
    removeAll();
    throw error;
  }
}

/** In the host: from a socket in the file system, which all networks share, to a port of its own. */
const inner = `
  import { connect, createServer } from 'node:net';
  const [path, port] = process.argv.slice(1);
  createServer((from) => {
    const to = connect(Number(port), '127.0.0.1');
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  }).listen(path, () => console.log('ready'));
`;

async function openWay(place: Place, target: number): Promise<{ readonly port: number; close(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-way-'));
  const path = join(folder, 'socket');
  const { program, args } = commandIn(place, process.execPath, ['--input-type=module', '-e', inner, path, `${target}`]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const server = createServer((from) => {
    const to = connect(path);
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close() {
      server.close();
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
