import { Scissors } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { leastStretchSeconds } from './mark-edits.ts';

/** What a coach does to repetitions. */
export function RepetitionMenu() {
  const { playback, measure } = useAppStores();
  const { repetitions, chosen, canUndo, marks, source } = useStore(measure);
  const shownSeconds = () => {
    const { shownFrame, timesSeconds } = playback.getState();
    return timesSeconds[shownFrame ?? 0] ?? 0;
  };
  const canSplit = () =>
    repetitions.some(
      ({ fromSeconds, toSeconds }) =>
        shownSeconds() - fromSeconds >= leastStretchSeconds && toSeconds - shownSeconds() >= leastStretchSeconds,
    );
  const actions = [
    {
      id: 'split',
      words: 'Split at this frame',
      able: canSplit,
      act: () => measure.getState().splitAt(shownSeconds()),
    },
    {
      id: 'merge',
      words: 'Join with the next',
      able: () => chosen + 1 < repetitions.length,
      act: () => measure.getState().mergeWithNext(),
    },
    { id: 'remove', words: 'Remove', able: () => repetitions.length > 0, act: () => measure.getState().remove() },
    {
      id: 'find',
      words: 'Find again',
      able: () => marks.repetitions !== undefined,
      act: () => measure.getState().findAgain(),
    },
    { id: 'undo', words: 'Undo', keys: 'Ctrl Z', able: () => canUndo, act: () => measure.getState().undo() },
  ];
  return (
    <MenuTrigger>
      <Button className="icon-button lane-menu" aria-label="Repetitions" isDisabled={source === undefined}>
        <Scissors size={14} strokeWidth={1.75} aria-hidden />
      </Button>
      <Popover className="popover" placement="top start">
        <RepetitionActions actions={actions} />
      </Popover>
    </MenuTrigger>
  );
}

interface Action {
  readonly id: string;
  readonly words: string;
  readonly keys?: string;
  readonly able: () => boolean;
  readonly act: () => void;
}

/** Made when the menu opens: what can be done depends on the frame on screen. */
function RepetitionActions({ actions }: { readonly actions: readonly Action[] }) {
  return (
    <Menu
      aria-label="Repetitions"
      disabledKeys={actions.filter(({ able }) => !able()).map(({ id }) => id)}
      onAction={(key) => actions.find(({ id }) => id === key)?.act()}
    >
      {actions.map(({ id, words, keys }) => (
        <MenuItem key={id} id={id} className="menu-item" textValue={words}>
          {words}
          {keys === undefined ? undefined : <span className="quiet">{keys}</span>}
        </MenuItem>
      ))}
    </Menu>
  );
}
