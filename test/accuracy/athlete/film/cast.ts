/** Who does what in a recipe: the athlete and his motion. */
import type { AthleteRecipe, ClipRecipe } from '../../clip-recipe.ts';
import type { BodySide, Rig } from '../body/rig.ts';
import { mirrorBody, stand } from '../body/stand.ts';
import { readLaboratoryPitch } from '../laboratory/laboratory-data.ts';
import { laboratoryMotion, laboratoryRig } from '../laboratory/laboratory-motion.ts';
import { type Ground, groundHeight, levelGround } from '../motion/mound.ts';
import { drawPitchStyle } from '../motion/pitch-style.ts';
import { createSquatMotion } from '../motion/squat-motion.ts';
import { styledPitch } from '../motion/styled-pitch.ts';
import { type Moment, type Performance, performance, type ThrowingMotion } from '../scene/performance.ts';
import { mirrorPlacement } from '../vector.ts';
import { type Character, drawCharacter } from './character.ts';

export interface Cast {
  readonly character: Character;
  readonly performance: Performance;
  readonly ground: Ground;
}

/** Throws RangeError for a pitch that the laboratory does not have, Error where its data are not. */
export function castFor({
  athlete,
  motion,
  picture,
}: Pick<ClipRecipe, 'athlete' | 'motion'> & { readonly picture: Pick<ClipRecipe['picture'], 'place'> }): Cast {
  const ground = picture.place === 'ballpark' ? groundHeight : levelGround;
  if (motion.kind === 'squat') return squatting(athlete);
  if (motion.kind === 'laboratory') return fromLaboratory(athlete, motion.pitch, ground);
  const character = drawCharacter({ seed: athlete.seed, throwingHand: athlete.hand });
  const { rig } = character;
  const pitch = styledPitch(rig, drawPitchStyle(athlete.seed, motion.kind), ground);
  const { handBreak: _, ...events } = pitch.events;
  return { character, ground, performance: throwing(rig, athlete.hand, { ...pitch, events }) };
}

/** Of the seed only the looks are used. The laboratory's pitchers throw with the right hand. */
function fromLaboratory(athlete: AthleteRecipe, name: string, ground: Ground): Cast {
  const looks = drawCharacter({ seed: athlete.seed, throwingHand: athlete.hand });
  const pitch = readLaboratoryPitch(name);
  const rig = laboratoryRig(pitch, looks.rig.parameters.build);
  const motion = laboratoryMotion(rig, pitch);
  return { character: { ...looks, rig }, ground, performance: throwing(rig, athlete.hand, motion) };
}

function throwing(
  rig: Rig,
  hand: BodySide,
  motion: ThrowingMotion & Pick<Performance, 'durationSeconds' | 'events'>,
): Performance {
  const { durationSeconds, events } = motion;
  return handed(hand, { rig, hand: 'right', durationSeconds, events, momentAt: performance(rig, motion) });
}

/** On level ground wherever it is: the mound is no place to squat. */
function squatting(athlete: AthleteRecipe): Cast {
  const character = drawCharacter({ seed: athlete.seed });
  const { rig } = character;
  const motion = createSquatMotion(rig, athlete.seed);
  return {
    character,
    ground: levelGround,
    performance: handed(athlete.hand, {
      rig,
      hand: 'right',
      durationSeconds: motion.durationSeconds,
      events: {},
      momentAt: (timeSeconds) => ({ body: stand(rig, motion.posture(timeSeconds)) }),
    }),
  };
}

/** Motions are written for right-handers: a left-hander is their mirror image. */
function handed(hand: 'left' | 'right', right: Performance): Performance {
  if (hand === 'right') return right;
  return {
    ...right,
    hand,
    momentAt(timeSeconds): Moment {
      const { body, ball } = right.momentAt(timeSeconds);
      return { body: mirrorBody(body), ...(ball ? { ball: mirrorPlacement(ball) } : {}) };
    },
  };
}
