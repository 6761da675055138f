/**
 * The motion of one person over one clip, as flat arrays. F frames, K keypoints.
 * A sample that is missing is NaN in every component; nothing else marks it.
 */
export interface Motion {
  /** Seconds from the first frame, strictly increasing. [F] */
  readonly timesSeconds: Float64Array;
  readonly keypointCount: number;
  /** [F × K × 4]: x, y in display pixels, visibility 0..1, presence 0..1. */
  readonly landmarks2d: Float32Array;
  /** [F × K × 3]: metres, origin mid-hip, x right, y down, z away from the camera. */
  readonly landmarks3d: Float32Array;
}
