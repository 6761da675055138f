import type { BrowserWindow, NotificationConstructorOptions } from 'electron';
import type { Unsubscribe } from '../../contract/bridge.ts';
import type { EventHub } from '../../core/event-hub.ts';

export interface NoticeDependencies {
  readonly events: EventHub;
  readonly window: Pick<BrowserWindow, 'isDestroyed' | 'isFocused' | 'isMinimized' | 'restore' | 'show' | 'focus'>;
  /** False where the system shows no notifications. */
  readonly isSupported: () => boolean;
  readonly notify: (options: NotificationConstructorOptions, onClick: () => void) => void;
}

/** Shows the queue's notices as the system does, to a coach who looks elsewhere: in the window everything is seen. */
export function showNotices({ events, window, isSupported, notify }: NoticeDependencies): Unsubscribe {
  const bringUp = (): void => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  return events.on('queue.notice', ({ notice }) => {
    if (window.isDestroyed() || window.isFocused() || !isSupported()) return;
    notify({ title: 'Shadow Trainer', body: notice.message }, bringUp);
  });
}
