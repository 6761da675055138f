import { defineProfile } from '../define-profile.ts';
import { thoraxPoints } from '../joint-motion.ts';
import { findPitches } from './find-pitches.ts';
import { type PitchContext, pitchContext } from './pitch-context.ts';
import type { PitchEventId } from './pitch-events.ts';
import { pitchMetrics } from './pitch-metrics.ts';
import { normFor } from './pitch-norms.ts';
import { recogniseSlowMotion } from './recognise-slow-motion.ts';
import { fasterHand, throwingSide } from './throwing-side.ts';

/**
 * Standard deviation of what remains where the joints are known without error: contact and release are not defined by
 * the joints but by weight on the plate and by the ball. From three laboratory pitches and six drawn ones.
 */
const restErrorSeconds = 0.004;
const kinkErrorSeconds = 0.014;
const releaseErrorSeconds = 0.002;

export const pitchingProfile = defineProfile<PitchContext, PitchEventId>({
  id: 'pitching',
  label: 'Baseball pitch',
  events: [
    { id: 'firstMovement', label: 'First movement', phrase: 'the first movement' },
    { id: 'peakKneeHeight', label: 'Peak knee height', phrase: 'the top of the leg lift' },
    { id: 'footContact', label: 'Foot contact', phrase: 'foot contact' },
    {
      ...{ id: 'maximumExternalRotation', label: 'Maximum external rotation' },
      phrase: 'the arm’s greatest layback',
    },
    { id: 'release', label: 'Release', phrase: 'release' },
    { id: 'maximumInternalRotation', label: 'Maximum internal rotation', phrase: 'the end of the arm’s turn' },
  ],
  phases: [
    { id: 'windUp', label: 'Wind-up', from: 'firstMovement', to: 'peakKneeHeight' },
    { id: 'stride', label: 'Stride', from: 'peakKneeHeight', to: 'footContact' },
    { id: 'armCocking', label: 'Arm cocking', from: 'footContact', to: 'maximumExternalRotation' },
    { id: 'armAcceleration', label: 'Arm acceleration', from: 'maximumExternalRotation', to: 'release' },
    { id: 'armDeceleration', label: 'Arm deceleration', from: 'release', to: 'maximumInternalRotation' },
  ],
  metrics: pitchMetrics,
  // Keeps a pitch's fastest turns; a gait analysis' usual 6 Hz would flatten them. Lowered where the rate is low.
  cutoffHertz: 20,
  findHand: fasterHand,
  joints: (hand = 'right') => {
    const { arm, gloveShoulder, lead, rear } = throwingSide(hand);
    const legs = [...Object.values(rear), lead.hip, lead.knee, lead.ankle];
    return [...Object.values(arm), gloveShoulder, ...legs, ...thoraxPoints, 'nose'];
  },
  findRepetitions: (motion, hand = 'right') => findPitches(motion, hand),
  context: pitchContext,
  eventErrorsSeconds: ({ isFootSeenToRest }) => ({
    footContact: isFootSeenToRest ? restErrorSeconds : kinkErrorSeconds,
    release: releaseErrorSeconds,
  }),
  normFor,
  recogniseSlowMotion,
});
