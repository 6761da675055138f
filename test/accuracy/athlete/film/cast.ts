/** Who does what in a recipe: the athlete and his motion. */
import type { ClipRecipe } from '../../clip-recipe.ts';
import { mirrorBody } from '../body/stand.ts';
import { createPitchMotion } from '../motion/pitch-motion.ts';
import { type Moment, type Performance, performance } from '../scene/performance.ts';
import { mirrorPlacement } from '../vector.ts';
import { type Character, drawCharacter } from './character.ts';

export interface Cast {
  readonly character: Character;
  readonly performance: Performance;
}

export function castFor({ athlete }: ClipRecipe): Cast {
  const character = drawCharacter({ seed: athlete.seed, throwingHand: athlete.hand });
  const { rig } = character;
  const motion = createPitchMotion(rig);
  const { handBreak: _, ...events } = motion.events;
  return {
    character,
    performance: handed(athlete.hand, {
      rig,
      hand: 'right',
      durationSeconds: motion.durationSeconds,
      events,
      momentAt: performance(rig, motion),
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
