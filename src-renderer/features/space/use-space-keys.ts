import { useEffect } from 'react';
import { useAppStores } from '../../stores/app-stores.ts';
import { isNeededElsewhere } from '../analysis/use-playback-keys.ts';

/** V goes from film to space to both; C from one view in space to the next, with Shift to the one before. */
export function useSpaceKeys(): void {
  const { space, analysis } = useAppStores();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isNeededElsewhere(event) || analysis.getState().analysis === undefined) return;
      const key = event.key.toUpperCase();
      if (key === 'V') space.getState().cycleMode();
      else if (key === 'C') space.getState().lookOn(event.shiftKey ? -1 : 1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [space, analysis]);
}
