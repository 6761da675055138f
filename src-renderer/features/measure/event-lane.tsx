import { useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { defaultProfile } from '../../../worker/protocol/marks.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { useStageSize } from '../analysis/use-stage-size.ts';
import { EventFlag } from './event-flag.tsx';
import { laneX, placeFlags } from './lane-geometry.ts';
import { RepetitionBrackets } from './repetition-brackets.tsx';
import { RepetitionMenu } from './repetition-menu.tsx';

/** The moments of the chosen repetition as flags, and all repetitions as brackets, on the time axis of the strip above. */
export function EventLane() {
  const { playback, measure } = useAppStores();
  const { repetitions, chosen, marks } = useStore(measure);
  const lastSeconds = useStore(playback, ({ timesSeconds }) => timesSeconds.at(-1) ?? 0);
  const trackRef = useRef<HTMLDivElement>(null);
  const { width } = useStageSize(trackRef);
  const lane = useMemo(() => ({ width, lastSeconds }), [width, lastSeconds]);
  const repetition = repetitions[chosen];
  const { events } = profiles[marks.profile ?? defaultProfile];
  const shown = events
    .flatMap((event, i) => {
      const at = repetition?.events[event.id];
      return at === undefined ? [] : [{ event, at, number: i + 1 }];
    })
    .sort((a, b) => a.at.timeSeconds - b.at.timeSeconds);
  const places = placeFlags(
    shown.map(({ event, at }) => ({ pole: laneX(at.timeSeconds, lane), labelWidth: textWidth(event.label) })),
    width,
  );
  return (
    <section className="lane" aria-label="Moments and repetitions">
      <RepetitionMenu />
      <div className="lane-track" ref={trackRef}>
        {width > 0 &&
          shown.map(({ event, at }, i) => {
            const [pole, band] = [laneX(at.timeSeconds, lane), laneX(at.uncertaintySeconds, lane)];
            const place = places[i];
            return (
              <div key={event.id} className="flag-ground" data-set={at.isSet || undefined}>
                {band > 0.5 ? <div className="flag-band" style={{ left: pole - band, width: 2 * band }} /> : undefined}
                <svg className="flag-line" aria-hidden="true">
                  <path d={poleLine(pole, place?.left ?? pole, place?.width ?? 0)} />
                </svg>
              </div>
            );
          })}
        <LaneCursor lastSeconds={lastSeconds} />
        <RepetitionBrackets lane={lane} />
        {width > 0 &&
          repetition !== undefined &&
          shown.map((flag, i) => {
            const place = places[i];
            return place && <EventFlag key={flag.event.id} {...flag} place={place} stretch={repetition} lane={lane} />;
          })}
      </div>
    </section>
  );
}

const [flagBottom, poleTop, poleBottom] = [19, 25, 40];

/** From the flag, which may have been moved aside, to where its time is, and down. */
function poleLine(pole: number, left: number, width: number): string {
  const from = Math.min(Math.max(pole, left + 1), left + width - 1);
  return `M${from},${flagBottom} L${pole},${poleTop} V${poleBottom}`;
}

function LaneCursor({ lastSeconds }: { readonly lastSeconds: number }) {
  const { playback } = useAppStores();
  const shownSeconds = useStore(playback, ({ shownFrame, timesSeconds }) =>
    shownFrame === undefined ? undefined : timesSeconds[shownFrame],
  );
  if (shownSeconds === undefined || lastSeconds === 0) return undefined;
  return <div className="lane-cursor" style={{ left: `${(shownSeconds / lastSeconds) * 100}%` }} />;
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** Of a flag's words, CSS pixels. */
function textWidth(words: string): number {
  if (ruler === undefined) {
    ruler = document.createElement('canvas').getContext('2d');
    if (ruler) ruler.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  }
  return ruler?.measureText(words).width ?? words.length * 6;
}
