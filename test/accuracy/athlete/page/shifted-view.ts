import type { ViewData } from '../scene/scene.ts';

/** The view moved by a part of a pixel. */
export function shiftedView(view: ViewData, [x, y]: readonly [number, number]): Float32Array {
  const shifted = Float32Array.from(view.viewProjection);
  for (let column = 0; column < 16; column += 4) {
    const w = shifted[column + 3] ?? 0;
    shifted[column] = (shifted[column] ?? 0) + (w * 2 * x) / view.width;
    shifted[column + 1] = (shifted[column + 1] ?? 0) + (w * 2 * y) / view.height;
  }
  return shifted;
}
