/** A small clip with a person in it, for tests of what happens around an analysis. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { clipsFolder, type MadeClips } from './media-made-clips.ts';
import { samplePath } from './run-pipeline.ts';

/** The shipped sample, else a real clip. */
export const personSource = [samplePath, join(clipsFolder, 'squat_portrait', 'squat.mp4')].find(
  (path) => existsSync(path) && statSync(path).size > 10_000,
);

/** 360 high, with as many frames as wanted: the source is played again where it is too short. */
export function makePersonClip(clips: MadeClips, frames: number, name = `person-${frames}.mp4`): string {
  if (personSource === undefined) throw new Error('There is no clip with a person.');
  return clips.make(
    name,
    ...['-stream_loop', '-1', '-i', personSource, '-an', '-vf', 'scale=-2:360', '-frames:v', String(frames)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'],
  );
}
