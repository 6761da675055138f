import { describe, expect, it } from 'vitest';
import { searchTiles } from '../../../worker/pipeline/search-tiles.ts';

describe('searchTiles', () => {
  it.each([
    [1280, 720, 0.6],
    [608, 1080, 0.6],
    [640, 360, 0.3],
    [100, 100, 1],
  ])('covers every pixel of %i × %i and stays inside', (width, height, share) => {
    const tiles = searchTiles(width, height, share);
    for (const tile of tiles) {
      expect(tile.x).toBeGreaterThanOrEqual(0);
      expect(tile.y).toBeGreaterThanOrEqual(0);
      expect(tile.x + tile.width).toBeLessThanOrEqual(width);
      expect(tile.y + tile.height).toBeLessThanOrEqual(height);
    }
    const covered = (x: number, y: number): boolean =>
      tiles.some((tile) => x >= tile.x && x < tile.x + tile.width && y >= tile.y && y < tile.y + tile.height);
    for (let x = 0; x < width; x += 7) for (let y = 0; y < height; y += 7) expect(covered(x, y)).toBe(true);
  });

  it('holds anybody smaller than half a tile whole in some tile', () => {
    const tiles = searchTiles(1280, 720, 0.6);
    const half = Math.floor((720 * 0.6) / 2) - 1;
    for (let x = 0; x + half < 1280; x += 13) {
      for (let y = 0; y + half < 720; y += 13) {
        const whole = tiles.some(
          (tile) => x >= tile.x && y >= tile.y && x + half <= tile.x + tile.width && y + half <= tile.y + tile.height,
        );
        expect(whole).toBe(true);
      }
    }
  });
});
