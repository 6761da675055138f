import { Flag, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ProfileEvent } from '../../../worker/biomechanics/profile.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { frameAt, nearestFrame } from '../analysis/frame-search.ts';
import type { ClipRepetition } from './measure-clip.ts';
import { timeWords } from './metric-words.ts';

interface MomentListProps {
  readonly repetition: ClipRepetition;
  readonly events: readonly ProfileEvent[];
}

/** The moments of a repetition: a press goes there; each can be put at the frame on screen, and back where it is found. */
export function MomentList({ repetition, events }: MomentListProps) {
  const { playback, measure } = useAppStores();
  const shownFrame = useStore(playback, (state) => state.shownFrame);
  const timesSeconds = useStore(playback, (state) => state.timesSeconds);
  const { fromSeconds, toSeconds } = repetition;
  const shownSeconds = timesSeconds[shownFrame ?? 0] ?? 0;
  const isInside =
    shownSeconds >= fromSeconds && shownFrame !== undefined && shownFrame <= frameAt(timesSeconds, toSeconds);
  return (
    <ul className="moments" aria-label="Moments">
      {events.map((event, i) => {
        const at = repetition.events[event.id];
        const frame = at === undefined ? undefined : nearestFrame(timesSeconds, at.timeSeconds);
        const isShown = frame !== undefined && frame === shownFrame;
        return (
          <li key={event.id} className="moment" data-set={at?.isSet || undefined} data-shown={isShown || undefined}>
            <Button
              className="moment-button"
              isDisabled={frame === undefined}
              onPress={() => {
                playback.getState().shuttle('K');
                if (frame !== undefined) playback.getState().seek(frame);
              }}
            >
              <span className="flag-number">{i + 1}</span>
              <span className="moment-label">{event.label}</span>
              {at === undefined ? (
                <span className="quiet">not found</span>
              ) : (
                <span className="moment-time">
                  <Seconds words={timeWords(at)} />
                </span>
              )}
            </Button>
            <span className="moment-actions">
              {at?.isSet ? (
                <IconButton
                  icon={RotateCcw}
                  label="Back to where it is found"
                  className="moment-action"
                  onPress={() => measure.getState().resetEvent(event.id)}
                />
              ) : undefined}
              {isInside && !isShown ? (
                <IconButton
                  icon={Flag}
                  label="Set to this frame"
                  className="moment-action"
                  onPress={() => measure.getState().setEvent(event.id, shownSeconds)}
                />
              ) : undefined}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The number, its unit and what is not known of it in lighter weight. */
function Seconds({ words }: { readonly words: string }) {
  const [value, half] = words.split(' ± ');
  return (
    <>
      {value}
      <small>{'\u2009s'}</small>
      {half === undefined ? undefined : <span className="metric-half"> ± {half}</span>}
    </>
  );
}
