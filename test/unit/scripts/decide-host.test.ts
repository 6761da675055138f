import { describe, expect, it } from 'vitest';
import { decideHost } from '../../../scripts/decide-host.mjs';
import { browserCommand } from '../../../scripts/open-in-browser.mjs';
import { hasDisplay } from '../../../scripts/setup/display.mjs';
import { applicationPaths } from '../../../scripts/setup/find-chromium.mjs';

const able = { electron: '/electron/dist/electron', display: true, root: false, sandbox: true };

describe('decideHost', () => {
  it('is Electron where it can run, without a word', () => {
    expect(decideHost(able)).toEqual({ host: 'electron', args: [] });
  });
  it('is the browser without a binary, without a display, without a sandbox, and says why', () => {
    expect(decideHost({ ...able, electron: undefined })).toMatchObject({
      host: 'loopback',
      because: expect.stringContaining('not installed'),
    });
    expect(decideHost({ ...able, display: false })).toMatchObject({
      host: 'loopback',
      because: expect.stringContaining('no display'),
    });
    expect(decideHost({ ...able, sandbox: false })).toMatchObject({
      host: 'loopback',
      because: expect.stringContaining('chmod 4755 /electron/dist/chrome-sandbox'),
    });
  });
  it('gives up the sandbox for root only, and says so', () => {
    expect(decideHost({ ...able, root: true, sandbox: false })).toMatchObject({
      host: 'electron',
      args: ['--no-sandbox'],
      because: expect.stringContaining('no sandbox'),
    });
  });
});

describe('browserCommand', () => {
  const url = 'http://127.0.0.1:1234/?token=x';
  const linux = {
    platform: 'linux',
    display: true,
    opener: '/usr/bin/xdg-open',
    chromium: '/usr/bin/chromium',
  } as const;
  it('is what each system opens addresses with', () => {
    expect(browserCommand(url, linux)).toEqual(['/usr/bin/xdg-open', url]);
    expect(browserCommand(url, { ...linux, platform: 'darwin' })).toEqual(['open', url]);
    expect(browserCommand(url, { ...linux, platform: 'win32' })?.at(-1)).toBe(url);
  });
  it('is undefined without a display', () => {
    expect(browserCommand(url, { ...linux, display: false })).toBeUndefined();
  });
});

describe('hasDisplay', () => {
  it('is what the system says on Linux, and given elsewhere', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('darwin', {})).toBe(true);
  });
});

describe('applicationPaths', () => {
  it('names installed browsers outside of PATH', () => {
    expect(applicationPaths('darwin', {})).toContain('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    expect(applicationPaths('win32', { ProgramFiles: 'C:\\P' })).toHaveLength(2);
    expect(applicationPaths('linux', {})).toEqual([]);
  });
});
