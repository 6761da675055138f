/** Notices with Electron replaced by a typed double. This does not prove that a system shows them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventHub } from '../../../src-main/core/event-hub.ts';
import { type NoticeDependencies, showNotices } from '../../../src-main/hosts/electron/notices.ts';

const notice = { kind: 'batch-ended', message: '12 clips ready, 1 failed.', ready: 12, failed: 1 } as const;
let events: ReturnType<typeof createEventHub>;
let shown: { title: string | undefined; body: string | undefined; click: () => void }[];
let done: string[];
beforeEach(() => {
  events = createEventHub();
  shown = [];
  done = [];
});

interface State {
  readonly isFocused?: boolean;
  readonly isMinimized?: boolean;
  readonly isDestroyed?: boolean;
  readonly isSupported?: boolean;
}
function install({ isFocused = false, isMinimized = false, isDestroyed = false, isSupported = true }: State = {}) {
  const window: NoticeDependencies['window'] = {
    isDestroyed: () => isDestroyed,
    isFocused: () => isFocused,
    isMinimized: () => isMinimized,
    restore: () => done.push('restore'),
    show: () => done.push('show'),
    focus: () => done.push('focus'),
  };
  return showNotices({
    events,
    window,
    isSupported: () => isSupported,
    notify: ({ title, body }, click) => shown.push({ title, body, click }),
  });
}

describe('notices of the desktop app', () => {
  it('show their sentence while the window is not in front, and bring it there', () => {
    install({ isMinimized: true });
    events.emit('queue.notice', { notice });
    expect(shown).toMatchObject([{ title: 'Shadow Trainer', body: notice.message }]);
    shown[0]?.click();
    expect(done).toEqual(['restore', 'show', 'focus']);
  });

  it('are not for a coach who sees the window, nor for a system that shows none', () => {
    for (const state of [{ isFocused: true }, { isDestroyed: true }, { isSupported: false }]) install(state);
    events.emit('queue.notice', { notice });
    expect(shown).toEqual([]);
  });

  it('end when nobody wants them any more', () => {
    install()();
    events.emit('queue.notice', { notice });
    expect(shown).toEqual([]);
  });
});
