import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';

/** Time and frame on screen; frames count from 0, as in every exported file. */
export function FrameReadout() {
  const { playback } = useAppStores();
  const frame = useStore(playback, (state) => state.shownFrame);
  const frameCount = useStore(playback, (state) => state.frameCount);
  const timesSeconds = useStore(playback, (state) => state.timesSeconds);
  const seconds = frame === undefined ? undefined : timesSeconds[frame];
  return (
    <div className="readout">
      <span className="readout-time">
        {seconds === undefined ? '–' : seconds.toFixed(3)}
        <small>{'\u2009'}s</small>
      </span>
      <span role="status" aria-label="Frame" aria-live="off" data-frame={frame ?? ''} className="readout-frame">
        {frame ?? '–'}
        <small> / {Math.max(0, frameCount - 1)}</small>
      </span>
    </div>
  );
}
