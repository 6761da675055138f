/**
 * Tiles in which small people are searched. BlazePose's detector sees 224 pixels of whatever it is given and is
 * safe from about a third of that; a person smaller than that in the full frame is large enough in a tile.
 */
import type { Box } from './ports.ts';

/** Neighbouring tiles share half their width, so that a person cut by one tile is whole in the next. */
const overlap = 0.5;

/**
 * Square tiles that cover an image.
 * @param shareOfShortSide tile edge as a share of the image's short side, 0..1
 */
export function searchTiles(imageWidth: number, imageHeight: number, shareOfShortSide: number): Box[] {
  const edge = Math.round(Math.min(imageWidth, imageHeight) * shareOfShortSide);
  const tiles: Box[] = [];
  for (const y of tileStarts(imageHeight, edge)) {
    for (const x of tileStarts(imageWidth, edge)) tiles.push({ x, y, width: edge, height: edge });
  }
  return tiles;
}

function tileStarts(length: number, edge: number): number[] {
  const steps = Math.ceil((length - edge) / (edge * (1 - overlap)));
  if (steps <= 0) return [0];
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i * (length - edge)) / steps));
}
