import { describe, expect, it } from 'vitest';
import { type ClipRecipe, views } from '../../accuracy/clip-recipe.ts';
import { clipsOfSet } from '../../accuracy/sets.ts';

function frameCount({ fromSeconds = 0, toSeconds = 0, camera }: ClipRecipe): number {
  return Math.round((toSeconds - fromSeconds) * camera.framesPerSecond);
}

const totalFrames = (clips: readonly ClipRecipe[]): number => clips.reduce((sum, clip) => sum + frameCount(clip), 0);

describe('the full set', () => {
  const clips = clipsOfSet('full');

  it('has every view with every frame rate, and every size with each view and each rate', () => {
    const pitches = clips.filter(({ name }) => name.startsWith('pitch-'));
    const pairs = (keyOf: (clip: ClipRecipe) => string): number => new Set(pitches.map(keyOf)).size;
    expect(pairs(({ camera }) => `${camera.view} ${camera.framesPerSecond}`)).toBe(views.length * 4);
    expect(pairs(({ camera }) => `${camera.view} ${camera.athleteHeightFraction}`)).toBe(views.length * 4);
    expect(pairs(({ camera }) => `${camera.framesPerSecond} ${camera.athleteHeightFraction}`)).toBe(16);
    expect(pairs(({ camera, athlete }) => `${camera.view} ${athlete.hand}`)).toBe(views.length * 2);
  });

  it('can be filmed within an hour, and each clip shows enough to be judged', () => {
    expect(new Set(clips.map(({ name }) => name)).size).toBe(clips.length);
    expect(totalFrames(clips)).toBeLessThan(8000);
    for (const clip of clips) {
      expect(frameCount(clip), clip.name).toBeGreaterThanOrEqual(60);
      expect(frameCount(clip), clip.name).toBeLessThanOrEqual(180);
    }
  });
});

it('the small set is small', () => {
  expect(totalFrames(clipsOfSet('small'))).toBeLessThanOrEqual(160);
});
