import { describe, expect, it } from 'vitest';
import type { App } from '../../../src-main/core/app.ts';
import { dispatch } from '../../../src-main/core/dispatch.ts';
import { createEventHub } from '../../../src-main/core/event-hub.ts';
import { AppError } from '../../../worker/protocol/errors.ts';

function appWith(calls: Partial<App['calls']>): App {
  return { calls } as App;
}
const noLog = (): void => undefined;

describe('dispatch', () => {
  it('hands the parsed input over and the answer back', async () => {
    const inputs: unknown[] = [];
    const app = appWith({
      'jobs.cancel': async (input) => {
        inputs.push(input);
        return {};
      },
    });
    expect(await dispatch(app, 'jobs.cancel', { jobId: 'a', more: 1 }, noLog)).toEqual({ ok: true, value: {} });
    expect(inputs).toEqual([{ jobId: 'a' }]);
  });

  it('fills in defaults before the core sees the settings', async () => {
    const app = appWith({ 'settings.set': async ({ settings }) => ({ settings: settings as never }) });
    const result = await dispatch(app, 'settings.set', { settings: {} }, noLog);
    expect(result).toMatchObject({ ok: true, value: { settings: { model: 'blazepose-full', device: 'cpu' } } });
  });

  it.each(['no.such.call', 'toString', '__proto__', 'constructor', ''])('knows no call %j', async (name) => {
    const result = await dispatch(appWith({}), name, {}, noLog);
    expect(result).toMatchObject({ ok: false, failure: { code: 'INVALID_INPUT' } });
  });

  it.each([undefined, null, 7, {}, { jobId: 7 }])('refuses the input %j without asking the core', async (input) => {
    const app = appWith({ 'jobs.cancel': () => Promise.reject(new Error('must not be asked')) });
    const result = await dispatch(app, 'jobs.cancel', input, noLog);
    expect(result).toMatchObject({ ok: false, failure: { code: 'INVALID_INPUT' } });
  });

  it('turns what the core throws into data, and logs it', async () => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const known = appWith({ 'library.list': () => Promise.reject(new AppError('NOT_FOUND', 'Gone.')) });
    expect(await dispatch(known, 'library.list', {}, log)).toEqual({
      ok: false,
      failure: { code: 'NOT_FOUND', message: 'Gone.' },
    });
    const broken = appWith({
      'library.list': () => {
        throw new TypeError('boom');
      },
    });
    expect(await dispatch(broken, 'library.list', {}, log)).toMatchObject({ ok: false, failure: { code: 'INTERNAL' } });
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('boom');
  });
});

describe('event hub', () => {
  const removed = (letter: string) => ({ clipSha256: letter.repeat(64) });

  it('reaches those who asked for the name, in order, until they leave', () => {
    const hub = createEventHub();
    const heard: string[] = [];
    const leave = hub.on('clip.removed', ({ clipSha256 }) => heard.push(`one ${clipSha256[0]}`));
    hub.on('clip.removed', ({ clipSha256 }) => heard.push(`two ${clipSha256[0]}`));
    hub.on('app.problem', () => heard.push('problem'));
    hub.emit('clip.removed', removed('a'));
    leave();
    leave();
    hub.emit('clip.removed', removed('b'));
    expect(heard).toEqual(['one a', 'two a', 'two b']);
  });

  it('tells a host of every event with its name', () => {
    const hub = createEventHub();
    const heard: unknown[] = [];
    const leave = hub.onAny((name, event) => heard.push([name, event]));
    const failure = { code: 'INTERNAL', message: 'Oh.' } as const;
    hub.emit('clip.removed', removed('a'));
    hub.emit('app.problem', { failure });
    leave();
    hub.emit('clip.removed', removed('b'));
    expect(heard).toEqual([
      ['clip.removed', removed('a')],
      ['app.problem', { failure }],
    ]);
  });

  it('lets a listener leave while an event is being told', () => {
    const hub = createEventHub();
    const heard: string[] = [];
    const leave = hub.on('clip.removed', () => {
      heard.push('once');
      leave();
    });
    hub.on('clip.removed', () => heard.push('always'));
    hub.emit('clip.removed', removed('a'));
    hub.emit('clip.removed', removed('b'));
    expect(heard).toEqual(['once', 'always', 'always']);
  });
});
