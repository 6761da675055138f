/**
 * How a clip is cut into chunks. The cut depends on the clip alone, never on the number of workers,
 * so that the merged result is the same, number for number, however many workers share it.
 */

/** Frames tracked before a chunk's first frame and thrown away: the tracker's region settles on them. */
const warmUpFrames = 8;
/** Below this a second chunk costs more (another decoder, another warm-up) than a second worker saves. */
const leastSharedFrames = 90;
/** Long enough that the warm-up costs about 3 %, short enough that little is lost with a worker. */
const longestChunkFrames = 240;

export interface Chunk {
  /** Where decoding and tracking start: at most `warmUpFrames` before `firstFrame`. */
  readonly startFrame: number;
  /** Frames [firstFrame, endFrame) are this chunk's result. */
  readonly firstFrame: number;
  readonly endFrame: number;
}

/** Cuts frames 0..frameCount into consecutive chunks. A warm-up never reaches back over a hard cut. */
export function planChunks(frameCount: number, cuts: readonly number[]): Chunk[] {
  // An even number of even parts: two workers, the common case, end together.
  const count = frameCount < leastSharedFrames ? 1 : 2 * Math.ceil(frameCount / (2 * longestChunkFrames));
  const length = Math.ceil(frameCount / count);
  const chunks: Chunk[] = [];
  for (let firstFrame = 0; firstFrame < frameCount; firstFrame += length) {
    const shotStart = cuts.reduce((latest, cut) => (cut <= firstFrame ? Math.max(latest, cut) : latest), 0);
    chunks.push({
      startFrame: Math.max(shotStart, firstFrame - warmUpFrames),
      firstFrame,
      endFrame: Math.min(frameCount, firstFrame + length),
    });
  }
  return chunks;
}

/** [firstFrame, endFrame) of each shot between hard cuts. */
export function shotsOf(frameCount: number, cuts: readonly number[]): { firstFrame: number; endFrame: number }[] {
  const starts = [0, ...cuts];
  return starts.map((firstFrame, i) => ({ firstFrame, endFrame: starts[i + 1] ?? frameCount }));
}
