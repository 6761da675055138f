/** Films every clip of a set, analyses it as the product does, and scores what was found. */

import { join } from 'node:path';
import type { ModelId } from '../../models/registry.ts';
import { blazePose33 as skeleton } from '../../models/skeletons.ts';
import { projectRoot } from '../../scripts/project-root.mjs';
import { findChromium } from '../../scripts/setup/find-chromium.mjs';
import { findFfmpeg } from '../../worker/media/find-ffmpeg.ts';
import type { AnalysisContents } from '../../worker/pipeline/analysis-files.ts';
import type { Quality } from '../../worker/protocol/analysis.ts';
import { createPipelineBench } from '../integration/run-pipeline.ts';
import type { ClipRecipe } from './clip-recipe.ts';
import { openClipRenderer } from './render-clip.ts';
import { type FilmedPitch, filmedPitch, type PitchScore, scorePitch } from './score/pitch-score.ts';
import { type ClipScore, scoreClip } from './score/score-clip.ts';
import { clipsOfSet, type SetName } from './sets.ts';

/** What the model saw, and what is left after repair, filling and smoothing. */
export const stages = ['raw', 'cleaned'] as const;
export type Stage = (typeof stages)[number];

/** One clip, analysed one way, at one stage. */
export interface Measurement {
  readonly set: SetName;
  readonly recipe: ClipRecipe;
  readonly model: ModelId;
  readonly quality: Quality;
  readonly stage: Stage;
  readonly score: ClipScore;
  /** Of pitches, cleaned: what moments and metrics are measured on, and how wrong they are. */
  readonly pitch?: FilmedPitch;
  readonly pitchScore?: PitchScore;
}

/** Git-ignored; deleting it costs only time. */
export const cacheFolder = join(projectRoot, '.cache', 'accuracy');
/** Where rendered clips are kept. */
export const clipsFolder = join(cacheFolder, 'clips');

export interface MeasureOptions {
  readonly set: SetName;
  readonly models: readonly ModelId[];
  readonly qualities: readonly Quality[];
  /** Clips stay here, and are not filmed again. */
  readonly clipsFolder: string;
  /** Analyses stay here as well, by clip, parameters and version of the pipeline; when absent all are made anew. */
  readonly analysesFolder?: string;
  readonly say?: (line: string) => void;
}

/** Radius that holds 90 % of a normal distribution in the plane, in its standard deviations: √(−2 ln 0.1). */
const radius90PerDeviation = Math.sqrt(-2 * Math.log(0.1));

/** Throws when Chromium is missing and a clip is not in the cache. */
export async function measureSet(options: MeasureOptions): Promise<Measurement[]> {
  const { set, models, qualities, clipsFolder, analysesFolder, say = () => undefined } = options;
  const recipes = clipsOfSet(set);
  const renderer = openClipRenderer({
    cacheFolder: clipsFolder,
    chromiumPath: findChromium() ?? '',
    ffmpegPath: findFfmpeg(),
  });
  const bench = await createPipelineBench(analysesFolder === undefined ? {} : { dataDirectory: analysesFolder });
  const measurements: Measurement[] = [];
  const clock = startClock(recipes.map(framesOf));
  try {
    for (const [index, recipe] of recipes.entries()) {
      const rendering = performance.now();
      const { clipPath, truth } = await renderer.render(recipe);
      const analysing = performance.now();
      for (const model of models) {
        for (const quality of qualities) {
          const contents = await bench.analyse({ path: clipPath, model, quality });
          for (const stage of stages) {
            const score = scoreClip(truth, { motion: contents[stage], skeleton, ...radiiOf(contents, stage) });
            const isPitch = recipe.motion.kind === 'pitch' || recipe.motion.kind === 'laboratory';
            const pitch = isPitch && stage === 'cleaned' ? filmedPitch(truth, contents[stage], skeleton) : undefined;
            const pitchPart = pitch && { pitch, pitchScore: scorePitch(pitch) };
            measurements.push({ set, recipe, model, quality, stage, score, ...pitchPart });
          }
        }
      }
      const done = performance.now();
      say(
        `[${index + 1}/${recipes.length}] ${recipe.name}: ${truth.frameCount} frames, ` +
          `filmed ${seconds(analysing - rendering)}, analysed ${seconds(done - analysing)}${clock.left(index)}`,
      );
    }
  } finally {
    await renderer.close();
    await bench.close();
  }
  return measurements;
}

/** The product says how sure it is of the cleaned landmarks only. */
function radiiOf({ deviations2d }: AnalysisContents, stage: Stage): { readonly radius90Pixels?: Float32Array } {
  return stage === 'cleaned' ? { radius90Pixels: deviations2d.map((value) => value * radius90PerDeviation) } : {};
}

function framesOf({ fromSeconds = 0, toSeconds = 0, camera }: ClipRecipe): number {
  return Math.round((toSeconds - fromSeconds) * camera.framesPerSecond);
}

/** What is left, by the frames that took their time: clips from the cache tell nothing of those that are not in it. */
function startClock(frames: readonly number[]): { left(index: number): string } {
  let last = performance.now();
  let [spent, framesSpent] = [0, 0];
  return {
    left(index) {
      const now = performance.now();
      const own = frames[index] ?? 0;
      const took = now - last;
      last = now;
      if (took > own * 10) {
        spent += took;
        framesSpent += own;
      }
      const open = frames.slice(index + 1).reduce((sum, count) => sum + count, 0);
      if (framesSpent === 0 || open === 0) return '';
      return `; at most ${Math.ceil((spent / framesSpent) * (open / 60_000))} min left`;
    },
  };
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
