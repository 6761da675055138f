import type { PixelArea } from '../scene/scene.ts';

/** The smallest area that holds both. */
export function unionArea(a: PixelArea, b: PixelArea): PixelArea {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
