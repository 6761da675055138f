import { markerErrors, uncertaintyOf } from '../../../worker/biomechanics/known-errors.ts';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import type { MeasuredAnalysis } from '../../../worker/exports/measured-analysis.ts';
import { drawnPitch } from '../biomechanics/pitching/drawn-pitch.ts';

const profile = profiles.pitching;
const measured = profile.measure({
  ...{ motion: drawnPitch({ framesPerSecond: 120 }), uncertainty: uncertaintyOf(markerErrors), draws: 8 },
});

/** The drawn pitch, as a table or a report gets it; its release was set by hand. */
export const pitchAnalysis: MeasuredAnalysis = {
  ...{ profile, marks: { athlete: '=1+1 Ärger' }, errors: markerErrors, clipSecondsForOne: 1 },
  repetitions: measured.map((repetition) => ({
    ...{ fromSeconds: repetition.fromSeconds, toSeconds: repetition.toSeconds, measured: repetition },
    events: Object.fromEntries(
      Object.entries(repetition.events).map(([id, event]) => [id, { ...event, isSetByHand: id === 'release' }]),
    ),
  })),
};
