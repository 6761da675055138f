import { useEffect } from 'react';
import { useAppStores } from '../../stores/app-stores.ts';

/** Q opens and closes the queue, Escape leaves first the job and then the queue; not where keys are typed or chosen. */
export function useQueueKeys(): void {
  const { queue } = useAppStores();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof HTMLElement && target.closest('input, [role="dialog"], [role="menu"]') !== null) {
        if (!(target instanceof HTMLInputElement && target.type === 'radio')) return;
      }
      const { isOpen, selected, select, show, access } = queue.getState();
      const leaves = event.key === 'q' || event.key === 'Q';
      // Of a monitor it is the only screen.
      if (access !== 'app' && (leaves || selected === undefined)) return;
      if (leaves) show(!isOpen);
      else if (event.key !== 'Escape' || !isOpen) return;
      else if (selected === undefined) show(false);
      else select(undefined);
      event.preventDefault();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [queue]);
}
