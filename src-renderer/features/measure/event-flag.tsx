import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { ProfileEvent, Stretch } from '../../../worker/biomechanics/profile.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { frameAt, nearestFrame } from '../analysis/frame-search.ts';
import type { PlacedFlag } from './lane-geometry.ts';
import type { ClipEvent } from './measure-clip.ts';
import { timeWords } from './metric-words.ts';

interface EventFlagProps {
  readonly event: ProfileEvent;
  /** Its key, from 1. */
  readonly number: number;
  readonly at: ClipEvent;
  readonly place: PlacedFlag;
  readonly stretch: Stretch;
  /** Of the lane: pixels and the seconds that they stand for. */
  readonly lane: { readonly width: number; readonly lastSeconds: number };
}

/** A moment on the lane: drag it, or lead the keyboard to it and use the arrows; Delete puts it back where it is found. */
export function EventFlag({ event, number, at, place, stretch, lane }: EventFlagProps) {
  const { playback, measure } = useAppStores();
  const grabbed = useRef<{ x: number; timeSeconds: number; frame: number; moved: boolean }>(undefined);
  const { timesSeconds } = playback.getState();
  const frame = nearestFrame(timesSeconds, at.timeSeconds);
  const move = (wanted: number) => {
    const first = nearestFrame(timesSeconds, stretch.fromSeconds);
    const target = Math.min(frameAt(timesSeconds, stretch.toSeconds), Math.max(first, wanted));
    measure.getState().moveEvent(event.id, timesSeconds[target] ?? at.timeSeconds);
    playback.getState().seek(target);
    return target;
  };
  const onPointerDown = (pointer: PointerEvent<HTMLDivElement>) => {
    if (pointer.button !== 0) return;
    pointer.currentTarget.setPointerCapture(pointer.pointerId);
    playback.getState().shuttle('K');
    grabbed.current = { x: pointer.clientX, timeSeconds: at.timeSeconds, frame, moved: false };
  };
  const onPointerMove = ({ clientX }: PointerEvent) => {
    const grab = grabbed.current;
    if (grab === undefined) return;
    const dragged = clientX - grab.x;
    if (!grab.moved && Math.abs(dragged) < 3) return;
    const wanted = nearestFrame(timesSeconds, grab.timeSeconds + (dragged / lane.width) * lane.lastSeconds);
    if (grab.moved && wanted === grab.frame) return;
    grabbed.current = { ...grab, moved: true, frame: wanted };
    move(wanted);
  };
  const onPointerUp = () => {
    const grab = grabbed.current;
    grabbed.current = undefined;
    if (grab?.moved) measure.getState().keep();
    else if (grab !== undefined) playback.getState().seek(frame);
  };
  const onKeyDown = (key: KeyboardEvent) => {
    const step = key.key === 'ArrowLeft' ? -1 : key.key === 'ArrowRight' ? 1 : 0;
    if (step !== 0) move(frame + step * (key.shiftKey ? 10 : 1));
    else if (key.key === 'Delete' || key.key === 'Backspace') measure.getState().resetEvent(event.id);
    else if (key.key === 'Enter') playback.getState().seek(frame);
    else return;
    key.preventDefault();
  };
  return (
    <div
      className="flag"
      role="slider"
      tabIndex={0}
      aria-label={event.label}
      aria-valuemin={nearestFrame(timesSeconds, stretch.fromSeconds)}
      aria-valuemax={frameAt(timesSeconds, stretch.toSeconds)}
      aria-valuenow={frame}
      aria-valuetext={`${timeWords(at)} seconds, frame ${frame}, ${at.isSet ? 'set by hand' : 'found'}`}
      data-event={event.id}
      data-set={at.isSet || undefined}
      data-moves-by-keys
      data-labelled={place.isLabelled || undefined}
      style={{ left: place.left, minWidth: place.width }}
      onMouseDown={(mouse) => mouse.preventDefault()}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      onKeyUp={() => measure.getState().keep()}
      onBlur={() => measure.getState().keep()}
    >
      <span className="flag-number">{number}</span>
      <span className="flag-label">{event.label}</span>
    </div>
  );
}
