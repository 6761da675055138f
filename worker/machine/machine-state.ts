/** What the machine is like, as far as it can be known: decides when held jobs begin on it. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Condition } from '../protocol/conditions.ts';
import { createLoadWatch } from './load-watch.ts';

export interface MachineReading {
  /** True where nobody knows. */
  readonly onMains: boolean;
  /** How long nobody has worked on it; 0 where nobody knows. */
  readonly idleSeconds: number;
}

export interface MachineState {
  /** Never rejects. */
  read(): Promise<MachineReading>;
}

/** Somebody who reads for this long without touching anything will hardly notice that work begins. */
const idleAfterSeconds = 300;

export function holds(condition: Condition, { onMains, idleSeconds }: MachineReading): boolean {
  return condition === 'mains' ? onMains : idleSeconds >= idleAfterSeconds;
}

export interface SystemMachineOptions {
  readonly platform: NodeJS.Platform;
  /** Whether workers of ours are at work: their load says nothing of anybody else. */
  readonly isWorking: () => Promise<boolean>;
}

/** Without a window's help: power from the system's own tables, idleness from its load where it has one. */
export function createSystemMachine({ platform, isWorking }: SystemMachineOptions): MachineState {
  const watch = createLoadWatch({ cores: availableParallelism() });
  const hasLoad = platform === 'linux' || platform === 'darwin';
  const isOnMains = async (): Promise<boolean> => {
    if (platform === 'linux') return await readLinuxPower('/sys/class/power_supply');
    if (platform === 'darwin') return parsePmset((await promisify(execFile)('pmset', ['-g', 'batt'])).stdout);
    return true;
  };
  return {
    async read() {
      const [load = 0] = loadavg();
      const working = await isWorking().catch(() => false);
      return {
        onMains: await isOnMains().catch(() => true),
        idleSeconds: hasLoad ? watch.look({ load, working, atSeconds: performance.now() / 1000 }) : 0,
      };
    },
  };
}

/** `directory`: one folder for each battery and each plug, see the kernel's ABI/testing/sysfs-class-power. */
export async function readLinuxPower(directory: string): Promise<boolean> {
  const supplies = await Promise.all(
    (await readdir(directory)).map(async (name) => {
      const read = async (file: string): Promise<string> =>
        (await readFile(join(directory, name, file), 'utf8').catch(() => '')).trim();
      return {
        type: await read('type'),
        online: await read('online'),
        status: await read('status'),
        scope: await read('scope'),
      };
    }),
  );
  // The battery of a mouse is not the machine's.
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  const isPlugged = own.some(({ type, online }) => type !== 'Battery' && online === '1');
  return isPlugged || !own.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}

/** What `pmset -g batt` prints. */
export function parsePmset(text: string): boolean {
  return !/drawing from 'Battery Power'/.test(text);
}
