import type { PersonTrack, Sighting } from '../../../worker/pipeline/people-tracks.ts';

/** A sighting for tests: a person of `size` pixels at (x, y), dressed in one colour, limbs displaced by `reach`. */
export function sightingAt(options: {
  frame: number;
  x: number;
  y: number;
  size?: number;
  color?: number;
  reach?: number;
}): Sighting {
  const { frame, x, y, size = 200, color = 0, reach = 0 } = options;
  const colors = new Float32Array(216);
  colors[color] = 1;
  return {
    frame,
    region: { centerX: x, centerY: y, size, rotationRadians: 0 },
    box: { x: x - size / 4, y: y - size / 2.8, width: size / 2, height: size / 1.4 },
    score: 0.9,
    limbs: new Float32Array(16).fill(reach),
    colors,
  };
}

export function trackOf(id: number, sightings: Sighting[], chosen = false): PersonTrack {
  return { id, sightings, chosen };
}
