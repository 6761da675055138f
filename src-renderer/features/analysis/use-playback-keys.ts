import { useEffect } from 'react';
import { useAppStores } from '../../stores/app-stores.ts';
import { goToMoment } from '../measure/go-to-moment.ts';

/**
 * The keys of the analysis view, wherever the focus is, except where a widget needs them: text fields, open dialogs,
 * menus, and a control that the keyboard has been led to.
 */
export function usePlaybackKeys({ onFullScreen }: { readonly onFullScreen: () => void }): void {
  const { playback, analysis, athlete, measure, space } = useAppStores();
  useEffect(() => {
    const act = (event: KeyboardEvent): boolean => {
      const { seek, step, shuttle, togglePlay, setLoopPoint, frameCount } = playback.getState();
      const frames = event.shiftKey ? 10 : 1;
      switch (event.key) {
        case 'ArrowLeft':
          step(-frames, event.repeat);
          return true;
        case 'ArrowRight':
          step(frames, event.repeat);
          return true;
        case 'Home':
          seek(0);
          return true;
        case 'End':
          seek(frameCount - 1);
          return true;
        case '[':
          setLoopPoint('first');
          return true;
        case ']':
          setLoopPoint('last');
          return true;
        case '?':
          analysis.getState().showKeyMap(true);
          return true;
        case 'Escape':
          athlete.getState().cancel();
          return false;
        default:
      }
      if (event.repeat) return event.key === ' ';
      if (/^[1-9]$/.test(event.key)) return goToMoment({ playback, measure }, Number(event.key));
      switch (event.key.toUpperCase()) {
        case ' ':
          togglePlay();
          return true;
        case 'J':
        case 'K':
        case 'L':
          shuttle(event.key.toUpperCase() === 'J' ? 'J' : event.key.toUpperCase() === 'K' ? 'K' : 'L');
          return true;
        case 'O':
          analysis.getState().toggleOverlay();
          return true;
        case 'V':
        case 'C':
          if (analysis.getState().analysis === undefined) return false;
          if (event.key.toUpperCase() === 'V') space.getState().cycleMode();
          else space.getState().lookOn(event.shiftKey ? -1 : 1);
          return true;
        case 'F':
          onFullScreen();
          return true;
        default:
          return false;
      }
    };
    const held = new Set<string>();
    const listen = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !isNeededElsewhere(event);
      if (isUndo) {
        measure.getState().undo();
        event.preventDefault();
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isNeededElsewhere(event) || !act(event)) return;
      held.add(event.code);
      event.preventDefault();
      event.stopPropagation();
    };
    // The other half of a key that was taken: a widget that saw it would think itself led by the keyboard.
    const release = (event: KeyboardEvent) => {
      if (!held.delete(event.code)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Capturing: lists and rows would otherwise take the arrows for moving about.
    window.addEventListener('keydown', listen, { capture: true });
    window.addEventListener('keyup', release, { capture: true });
    return () => {
      window.removeEventListener('keydown', listen, { capture: true });
      window.removeEventListener('keyup', release, { capture: true });
    };
  }, [playback, analysis, athlete, measure, space, onFullScreen]);
}

const pressKeys = [' ', 'Enter'];
const moveKeys = ['ArrowLeft', 'ArrowRight', 'Home', 'End'];

function isNeededElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null) return true;
  if (target instanceof HTMLInputElement && target.type !== 'radio' && target.type !== 'checkbox') return true;
  // A flag or a bracket that the keyboard has been led to is moved by its arrows.
  if (target.closest('[data-moves-by-keys]') !== null)
    return [...moveKeys, 'Enter', 'Delete', 'Backspace'].includes(key);
  // A control that was clicked keeps the focus, but a coach who clicks and then presses Space means "play".
  if (target.closest('[data-focus-visible]') === null) return false;
  if (pressKeys.includes(key)) return target.closest('button, input, [role="button"]') !== null;
  return moveKeys.includes(key) && target.matches('input[type="radio"]');
}
