import { useEffect } from 'react';
import { useAppStores } from '../../stores/app-stores.ts';
import { isNeededElsewhere } from '../analysis/use-playback-keys.ts';
import { cameraPresets } from './space-store.ts';

/** V goes from film to space to both; Shift with 1 to 5 looks from where the presets do. */
export function useSpaceKeys(): void {
  const { space, analysis } = useAppStores();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isNeededElsewhere(event) || analysis.getState().analysis === undefined) return;
      // By place: what Shift makes of a digit differs from keyboard to keyboard.
      const preset = event.shiftKey ? cameraPresets[Number(/^Digit([1-5])$/.exec(event.code)?.[1]) - 1] : undefined;
      if (preset !== undefined) space.getState().look(preset);
      else if (event.key.toUpperCase() === 'V') space.getState().cycleMode();
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [space, analysis]);
}
