import { Keyboard } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';

const rows: readonly (readonly [readonly string[], string])[] = [
  [['Space'], 'Play or pause'],
  [['←', '→'], 'One frame'],
  [['Shift', '← →'], 'Ten frames'],
  [['Home', 'End'], 'First, last frame'],
  [['J', 'K', 'L'], 'Back, stop, forward'],
  [['[', ']'], 'Loop from here, to here'],
  [['1–6'], 'To a moment'],
  [['O'], 'Skeleton'],
  [['V'], 'Video, 3D, both'],
  [['C'], 'Next view of 3D; with Shift the one before'],
  [['F'], 'Full screen'],
  [['Q'], 'Queue'],
  [['Ctrl', 'Z'], 'Undo'],
  [['Esc'], 'Leave what is open'],
  [['?'], 'This map'],
];

/** The map of keys, on a button and on "?". */
export function KeyMap() {
  const { analysis } = useAppStores();
  const isOpen = useStore(analysis, (state) => state.keyMapShown);
  const show = useStore(analysis, (state) => state.showKeyMap);
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={show}>
      <Button className="icon-button" aria-label="Keys">
        <Keyboard size={16} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover key-map" placement="top end">
        <Dialog aria-label="Keys">
          <dl>
            {rows.map(([keys, meaning]) => (
              <div key={meaning}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
