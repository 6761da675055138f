import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesktopMachine } from '../../../src-main/hosts/electron/desktop-machine.ts';
import { createLoadWatch } from '../../../worker/machine/load-watch.ts';
import { createSystemMachine, holds, parsePmset, readLinuxPower } from '../../../worker/machine/machine-state.ts';

describe('conditions', () => {
  it('hold on mains power, and after five minutes of quiet', () => {
    expect(holds('mains', { onMains: true, idleSeconds: 0 })).toBe(true);
    expect(holds('mains', { onMains: false, idleSeconds: 9999 })).toBe(false);
    expect(holds('idle', { onMains: false, idleSeconds: 300 })).toBe(true);
    expect(holds('idle', { onMains: true, idleSeconds: 299 })).toBe(false);
  });
});

describe('power on Linux', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shadow-trainer-power-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const supply = (name: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(folder, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
  };

  it('is mains where there is no battery', async () => {
    expect(await readLinuxPower(folder)).toBe(true);
    supply('AC', { type: 'Mains', online: '0' });
    expect(await readLinuxPower(folder)).toBe(true);
  });
  it('is the battery while that is discharging and nothing is plugged in', async () => {
    supply('AC', { type: 'Mains', online: '0' });
    supply('BAT0', { type: 'Battery', status: 'Discharging' });
    expect(await readLinuxPower(folder)).toBe(false);
  });
  it('is mains with a plug, by the old kind or by USB, whatever the battery does', async () => {
    supply('BAT0', { type: 'Battery', status: 'Discharging' });
    supply('ucsi', { type: 'USB', online: '1' });
    expect(await readLinuxPower(folder)).toBe(true);
  });
  it('does not mind the battery of a mouse', async () => {
    supply('hid', { type: 'Battery', status: 'Discharging', scope: 'Device' });
    expect(await readLinuxPower(folder)).toBe(true);
  });
});

describe('power on macOS', () => {
  it('is what pmset says', () => {
    expect(parsePmset("Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t80%; discharging;")).toBe(false);
    expect(parsePmset("Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t80%; charging;")).toBe(true);
    expect(parsePmset('')).toBe(true);
  });
});

describe('a machine that nobody knows anything of', () => {
  it('is on mains and not idle', async () => {
    const machine = createSystemMachine({ platform: 'win32', isWorking: async () => false });
    expect(await machine.read()).toEqual({ onMains: true, idleSeconds: 0 });
  });
  it('is on mains where its tables cannot be read', async () => {
    const machine = createSystemMachine({
      platform: 'darwin',
      isWorking: () => Promise.reject(new Error('The queue does not answer.')),
    });
    expect((await machine.read()).onMains).toBe(true);
  });
});

describe('load', () => {
  const quiet = { load: 0.5, working: false };
  it('is quiet for as long as it has been below a third of the cores', () => {
    const watch = createLoadWatch({ cores: 4 });
    expect(watch.look({ ...quiet, atSeconds: 1000 })).toBe(0);
    expect(watch.look({ ...quiet, atSeconds: 1300 })).toBe(300);
    expect(watch.look({ ...quiet, load: 2, atSeconds: 1310 })).toBe(0);
    expect(watch.look({ ...quiet, atSeconds: 1320 })).toBe(0);
    expect(watch.look({ ...quiet, atSeconds: 1330 })).toBe(10);
  });
  it('does not count our own work, nor what the average remembers of it', () => {
    const watch = createLoadWatch({ cores: 4 });
    watch.look({ ...quiet, atSeconds: 0 });
    expect(watch.look({ load: 4, working: true, atSeconds: 300 })).toBe(300);
    expect(watch.look({ load: 3, working: false, atSeconds: 400 })).toBe(400);
    // Somebody else works beside us.
    expect(watch.look({ load: 6, working: true, atSeconds: 410 })).toBe(0);
    expect(watch.look({ load: 3, working: false, atSeconds: 900 })).toBe(0);
  });
  it('knows nothing of a time in which nobody looked', () => {
    const watch = createLoadWatch({ cores: 4 });
    watch.look({ ...quiet, atSeconds: 0 });
    expect(watch.look({ ...quiet, atSeconds: 5000 })).toBe(0);
  });
});

describe('the desktop', () => {
  it('says where its power comes from and when it was touched last', async () => {
    const machine = createDesktopMachine({ isOnBatteryPower: () => true, getSystemIdleTime: () => 42 });
    expect(await machine.read()).toEqual({ onMains: false, idleSeconds: 42 });
  });
  it('counts as used and on mains where it cannot say', async () => {
    const refuse = (): never => {
      throw new Error('Not supported.');
    };
    const machine = createDesktopMachine({ isOnBatteryPower: refuse, getSystemIdleTime: refuse });
    expect(await machine.read()).toEqual({ onMains: true, idleSeconds: 0 });
  });
});
