/**
 * Steadies the region that the tracker looks at in the next frame, as MediaPipe's own tracker does: One-Euro filters
 * on the region's centre and on the point that gives its size and direction.
 */
import { createOneEuroFilter } from '../biomechanics/one-euro-filter.ts';
import type { PoseRegion } from './ports.ts';

export interface RegionFilter {
  filter(region: PoseRegion, timeSeconds: number): PoseRegion;
}

/** mediapipe/modules/pose_landmark/pose_landmark_filtering.pbtxt, auxiliary landmarks. */
const options = { minimumCutoffHertz: 0.01, beta: 10, derivativeCutoffHertz: 1 } as const;

export function createRegionFilter(): RegionFilter {
  const filters = Array.from({ length: 4 }, () => createOneEuroFilter(options));
  return {
    filter({ centerX, centerY, size, rotationRadians }, timeSeconds) {
      const radius = size / 2;
      const values = [
        centerX,
        centerY,
        centerX + radius * Math.sin(rotationRadians),
        centerY - radius * Math.cos(rotationRadians),
      ];
      const [x = centerX, y = centerY, tipX = x, tipY = y] = values.map(
        (value, i) => filters[i]?.filter(value, timeSeconds, 1 / size) ?? value,
      );
      return {
        centerX: x,
        centerY: y,
        size: 2 * Math.hypot(tipX - x, tipY - y),
        rotationRadians: Math.atan2(tipX - x, y - tipY),
      };
    },
  };
}
