import { type PointerEvent, useRef } from 'react';
import { useStore } from 'zustand';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { Filmstrip } from './filmstrip.tsx';
import { nearestFrame } from './frame-search.ts';

/** The whole clip as a strip of pictures; the line stands at the frame on screen. Time runs evenly along it. */
export function ScrubBar({ pictures }: { readonly pictures: NonNullable<ClipView['playback']> }) {
  const { playback } = useAppStores();
  const { shownFrame, frameCount, timesSeconds, loop, seek } = useStore(playback);
  const barRef = useRef<HTMLDivElement>(null);
  const last = timesSeconds[frameCount - 1] ?? 0;
  const share = (frame: number) => (last > 0 ? ((timesSeconds[frame] ?? 0) / last) * 100 : 0);
  const seekTo = (event: PointerEvent) => {
    const bar = barRef.current?.getBoundingClientRect();
    if (bar === undefined) return;
    const along = Math.min(1, Math.max(0, (event.clientX - bar.left) / bar.width));
    seek(nearestFrame(timesSeconds, along * last));
  };
  return (
    <div
      ref={barRef}
      className="scrub"
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, frameCount - 1)}
      aria-valuenow={shownFrame ?? 0}
      aria-valuetext={`${(timesSeconds[shownFrame ?? 0] ?? 0).toFixed(2)} seconds, frame ${shownFrame ?? 0}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        playback.getState().shuttle('K');
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) seekTo(event);
      }}
    >
      <Filmstrip playback={pictures} />
      {loop === undefined ? undefined : (
        <>
          <div className="scrub-outside" style={{ left: 0, width: `${share(loop.firstFrame)}%` }} />
          <div className="scrub-outside" style={{ left: `${share(loop.lastFrame)}%`, right: 0 }} />
          <div
            className="scrub-loop"
            style={{ left: `${share(loop.firstFrame)}%`, right: `${100 - share(loop.lastFrame)}%` }}
          />
        </>
      )}
      {shownFrame === undefined ? undefined : (
        <div className="scrub-cursor" style={{ left: `${share(shownFrame)}%` }} />
      )}
    </div>
  );
}
