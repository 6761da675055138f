import type { AppBridge, Unsubscribe } from '../../../src-main/contract/bridge.ts';

/** Shows the queue's notices through the browser, where the coach allowed it and looks elsewhere. */
export function showWebNotices(bridge: AppBridge): Unsubscribe {
  return bridge.on('queue.notice', ({ notice }) => {
    if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
    const shown = new Notification('Shadow Trainer', { body: notice.message, tag: 'shadow-trainer-queue' });
    shown.addEventListener('click', () => {
      window.focus();
      shown.close();
    });
  });
}
