import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { frameAt, nearestFrame } from '../analysis/frame-search.ts';
import { laneX } from './lane-geometry.ts';
import type { StretchEnd } from './mark-edits.ts';

interface Lane {
  readonly width: number;
  readonly lastSeconds: number;
}

/** Every repetition of the clip; a press chooses one, and the chosen one's ends can be dragged. */
export function RepetitionBrackets({ lane }: { readonly lane: Lane }) {
  const { playback, measure } = useAppStores();
  const { repetitions, chosen } = useStore(measure);
  const choose = (index: number) => {
    measure.getState().choose(index);
    const { shownFrame, timesSeconds, seek } = playback.getState();
    const stretch = repetitions[index];
    const shown = timesSeconds[shownFrame ?? 0] ?? 0;
    if (stretch === undefined || (shown >= stretch.fromSeconds && shown <= stretch.toSeconds)) return;
    playback.getState().shuttle('K');
    seek(nearestFrame(timesSeconds, stretch.fromSeconds));
  };
  return repetitions.map(({ fromSeconds, toSeconds }, i) => {
    const [left, right] = [laneX(fromSeconds, lane), laneX(toSeconds, lane)];
    const isChosen = i === chosen;
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: repetitions are known by their place in time.
      <div key={i} className="bracket" data-chosen={isChosen || undefined} style={{ left, width: right - left }}>
        <button
          type="button"
          className="bracket-body"
          aria-label={`Repetition ${i + 1}`}
          aria-pressed={isChosen}
          onClick={() => choose(i)}
        >
          {repetitions.length > 1 ? i + 1 : undefined}
        </button>
        {isChosen ? (
          <>
            <BracketEnd end="from" number={i + 1} timeSeconds={fromSeconds} lane={lane} />
            <BracketEnd end="to" number={i + 1} timeSeconds={toSeconds} lane={lane} />
          </>
        ) : undefined}
      </div>
    );
  });
}

interface BracketEndProps {
  readonly end: StretchEnd;
  readonly number: number;
  readonly timeSeconds: number;
  readonly lane: Lane;
}

function BracketEnd({ end, number, timeSeconds, lane }: BracketEndProps) {
  const { playback, measure } = useAppStores();
  const grabbed = useRef<{ x: number; timeSeconds: number; frame: number }>(undefined);
  const { timesSeconds, frameCount } = playback.getState();
  // What lies inside: a repetition's last frame begins before its end.
  const frame = end === 'from' ? nearestFrame(timesSeconds, timeSeconds) : frameAt(timesSeconds, timeSeconds);
  const move = (wanted: number) => {
    const target = Math.min(frameCount - 1, Math.max(0, wanted));
    measure.getState().moveEnd(end, timesSeconds[target] ?? timeSeconds);
    playback.getState().seek(target);
  };
  const onPointerDown = (pointer: PointerEvent<HTMLDivElement>) => {
    if (pointer.button !== 0) return;
    pointer.currentTarget.setPointerCapture(pointer.pointerId);
    playback.getState().shuttle('K');
    grabbed.current = { x: pointer.clientX, timeSeconds, frame };
  };
  const onPointerMove = ({ clientX }: PointerEvent) => {
    const grab = grabbed.current;
    if (grab === undefined) return;
    const along = grab.timeSeconds + ((clientX - grab.x) / lane.width) * lane.lastSeconds;
    const wanted = nearestFrame(timesSeconds, along);
    if (wanted === grab.frame) return;
    grabbed.current = { ...grab, frame: wanted };
    move(wanted);
  };
  const onPointerUp = () => {
    if (grabbed.current !== undefined) measure.getState().keep();
    grabbed.current = undefined;
  };
  const onKeyDown = (key: KeyboardEvent) => {
    const step = key.key === 'ArrowLeft' ? -1 : key.key === 'ArrowRight' ? 1 : 0;
    if (step === 0) return;
    move(frame + step * (key.shiftKey ? 10 : 1));
    key.preventDefault();
  };
  return (
    <div
      className="bracket-end"
      data-end={end}
      role="slider"
      tabIndex={0}
      aria-label={`${end === 'from' ? 'Start' : 'End'} of repetition ${number}`}
      aria-valuemin={0}
      aria-valuemax={frameCount - 1}
      aria-valuenow={frame}
      aria-valuetext={`${timeSeconds.toFixed(2)} seconds, frame ${frame}`}
      data-moves-by-keys
      onMouseDown={(mouse) => mouse.preventDefault()}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      onKeyUp={() => measure.getState().keep()}
      onBlur={() => measure.getState().keep()}
    />
  );
}
