import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { Hand } from '../../../worker/biomechanics/pitching/throwing-side.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import type { FrameStretch } from './trail-path.ts';

interface MeasuredStretches {
  readonly hand: Hand | undefined;
  readonly stretches: readonly FrameStretch[];
}

/** Hand and repetitions as they are measured, in frames. New only when one of them is another. */
export function useMeasuredStretches(timesSeconds: ArrayLike<number>): MeasuredStretches {
  const { measure } = useAppStores();
  const hand = useStore(
    measure,
    ({ marks, repetitions }) => marks.hand ?? repetitions.find(({ measured }) => measured?.hand)?.measured?.hand,
  );
  // As text, so that measuring the same stretches again changes nothing.
  const ends = useStore(measure, ({ repetitions }) =>
    JSON.stringify(repetitions.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds])),
  );
  const stretches = useMemo(() => {
    const times = Array.from(timesSeconds);
    return (JSON.parse(ends) as [number, number][]).map(([from, to]): FrameStretch => {
      const after = times.findIndex((time) => time > to);
      return {
        firstFrame: Math.max(
          0,
          times.findIndex((time) => time >= from),
        ),
        lastFrame: after < 0 ? times.length - 1 : after - 1,
      };
    });
  }, [ends, timesSeconds]);
  return { hand, stretches };
}
