import {
  ChevronDown,
  Maximize,
  Pause,
  PersonStanding,
  Play,
  Repeat,
  SkipBack,
  SkipForward,
  StepBack,
  StepForward,
} from 'lucide-react';
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from 'react-aria-components';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { FrameReadout } from './frame-readout.tsx';
import { KeyMap } from './key-map.tsx';
import { speeds } from './shuttle.ts';

interface TransportProps {
  readonly onFullScreen: () => void;
}

export function Transport({ onFullScreen }: TransportProps) {
  const { playback, analysis } = useAppStores();
  // Not the shown frame: the buttons need not be made anew with every picture.
  const { frameCount, rate, loop } = useStore(
    playback,
    useShallow((state) => ({ frameCount: state.frameCount, rate: state.rate, loop: state.loop })),
  );
  const { seek, step, togglePlay, toggleLoop, setLoopPoint } = playback.getState();
  const overlayShown = useStore(analysis, (state) => state.overlayShown);
  const toggleOverlay = useStore(analysis, (state) => state.toggleOverlay);
  const nothing = frameCount === 0;
  return (
    <div className="transport" role="toolbar" aria-label="Playback">
      <FrameReadout />
      <div className="transport-middle">
        <IconButton icon={SkipBack} label="First frame" shortcut="Home" isDisabled={nothing} onPress={() => seek(0)} />
        <IconButton icon={StepBack} label="Frame back" shortcut="←" isDisabled={nothing} onPress={() => step(-1)} />
        <IconButton
          icon={rate === 0 ? Play : Pause}
          label={rate === 0 ? 'Play' : 'Pause'}
          shortcut="Space"
          isDisabled={nothing}
          onPress={togglePlay}
          className="transport-play"
        />
        <IconButton
          icon={StepForward}
          label="Frame forward"
          shortcut="→"
          isDisabled={nothing}
          onPress={() => step(1)}
        />
        <IconButton
          icon={SkipForward}
          label="Last frame"
          shortcut="End"
          isDisabled={nothing}
          onPress={() => seek(frameCount - 1)}
        />
      </div>
      <div className="transport-end">
        <LoopPoint end="first" onPress={() => setLoopPoint('first')} isDisabled={nothing} />
        <IconButton
          icon={Repeat}
          label={loop === undefined ? 'Loop' : 'Stop looping'}
          pressed={loop !== undefined}
          isDisabled={nothing}
          onPress={toggleLoop}
        />
        <LoopPoint end="last" onPress={() => setLoopPoint('last')} isDisabled={nothing} />
        <SpeedSelect />
        <IconButton
          icon={PersonStanding}
          label="Skeleton"
          shortcut="O"
          pressed={overlayShown}
          onPress={toggleOverlay}
        />
        <IconButton icon={Maximize} label="Full screen" shortcut="F" onPress={onFullScreen} />
        <KeyMap />
      </div>
    </div>
  );
}

interface LoopPointProps {
  readonly end: 'first' | 'last';
  readonly onPress: () => void;
  readonly isDisabled: boolean;
}

function LoopPoint({ end, onPress, isDisabled }: LoopPointProps) {
  return (
    <Button
      className="icon-button loop-point"
      aria-label={end === 'first' ? 'Loop from here' : 'Loop to here'}
      onPress={onPress}
      isDisabled={isDisabled}
    >
      {end === 'first' ? '[' : ']'}
    </Button>
  );
}

function SpeedSelect() {
  const { playback } = useAppStores();
  const speed = useStore(playback, (state) => state.speed);
  const rate = useStore(playback, (state) => state.rate);
  const setSpeed = useStore(playback, (state) => state.setSpeed);
  const shuttling = rate !== 0 && rate !== speed;
  return (
    <Select aria-label="Speed" selectedKey={String(speed)} onSelectionChange={(key) => setSpeed(Number(key))}>
      <Button className="button small speed">
        {shuttling ? <span>{`${rate}×`.replace('-', '−')}</span> : <SelectValue />}
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Popover className="popover narrow" placement="top">
        <ListBox>
          {speeds.map((choice) => (
            <ListBoxItem key={choice} id={String(choice)} textValue={`${choice}×`} className="menu-item">
              {choice}×
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
