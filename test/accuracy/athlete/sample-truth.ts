import { type SamplePitch, sample } from './sample.ts';
import { project } from './scene/camera.ts';
import { truthPoints } from './scene/truth.ts';

/** One line of JSON for the file and one for each frame: small, and readable in a diff. */
export function truthText(pitch: SamplePitch): string {
  const frames = Array.from({ length: pitch.frameCount }, (_, index) => {
    const timeSeconds = index / sample.framesPerSecond;
    const { body, ball } = pitch.momentAt(timeSeconds);
    const points = Object.values(truthPoints(pitch.rig, body));
    return JSON.stringify({
      timeSeconds: rounded(timeSeconds, 6),
      points2d: points.map((point) => project(sample.camera, point).map((value) => rounded(value, 2))),
      points3d: points.map((point) => point.map((value) => rounded(value, 4))),
      ball2d: project(sample.camera, ball.origin).map((value) => rounded(value, 2)),
      ball3d: ball.origin.map((value) => rounded(value, 4)),
    });
  });
  const first = pitch.momentAt(0);
  const head = JSON.stringify({
    seed: sample.seed,
    axes: 'metres; x to home plate, y to first base, z up; pixels from the upper left corner',
    heightMetres: sample.body.heightMetres,
    throwingSide: 'right',
    framesPerSecond: sample.framesPerSecond,
    exposureSeconds: rounded(sample.exposureSeconds, 6),
    camera: sample.camera,
    events: pitch.motion.events,
    keypoints: Object.keys(truthPoints(pitch.rig, first.body)),
  });
  return `${head.slice(0, -1)},"frames":[\n${frames.join(',\n')}\n]}\n`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
