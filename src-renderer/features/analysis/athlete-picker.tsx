import { type PointerEvent, useState } from 'react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { between, type Point, type Size, toPicture } from './letterbox.ts';

/** A drag shorter than this is a click. CSS pixels. */
const leastDrag = 6;

/** Takes a click on the athlete or a box around them, on the frame that is shown. */
export function AthletePicker({ picture }: { readonly picture: Size }) {
  const { athlete, playback } = useAppStores();
  const draft = useStore(athlete, (state) => state.draft);
  const [from, setFrom] = useState<Point>();
  const [to, setTo] = useState<Point>();
  const shareOf = (event: PointerEvent<HTMLElement>): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return toPicture({ x: event.clientX - left, y: event.clientY - top }, { x: 0, y: 0, ...picture });
  };
  const finish = (end: Point) => {
    const { shownFrame, timesSeconds } = playback.getState();
    if (from === undefined || shownFrame === undefined) return;
    const box = between(from, end);
    const isClick = box.width * picture.width < leastDrag && box.height * picture.height < leastDrag;
    athlete.getState().point(timesSeconds[shownFrame] ?? 0, isClick ? { ...end, width: 0, height: 0 } : box);
    setFrom(undefined);
  };
  const box = from !== undefined && to !== undefined ? between(from, to) : draft?.box;
  return (
    <div
      className="picker"
      data-testid="athlete-picker"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        playback.getState().shuttle('K');
        setFrom(shareOf(event));
        setTo(shareOf(event));
      }}
      onPointerMove={(event) => {
        if (from !== undefined) setTo(shareOf(event));
      }}
      onPointerUp={(event) => finish(shareOf(event))}
      onPointerCancel={() => setFrom(undefined)}
    >
      {box === undefined ? undefined : (
        <div
          className={box.width === 0 ? 'picker-point' : 'picker-box'}
          style={{
            left: `${box.x * 100}%`,
            top: `${box.y * 100}%`,
            width: box.width === 0 ? undefined : `${box.width * 100}%`,
            height: box.width === 0 ? undefined : `${box.height * 100}%`,
          }}
        />
      )}
    </div>
  );
}
