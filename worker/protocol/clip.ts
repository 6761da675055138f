/** What is known of a clip once it has been probed, and what the window needs to play it. */
import { z } from 'zod';
import { assetReferenceSchema } from './assets.ts';

export const clipProbeSchema = z.object({
  container: z.string(),
  codec: z.string(),
  /** As stored, before rotation and sample aspect ratio. Pixels. */
  codedWidth: z.number().int().positive(),
  codedHeight: z.number().int().positive(),
  /** As a player shows it: rotated, square pixels. Landmark coordinates are in these pixels. */
  displayWidth: z.number().int().positive(),
  displayHeight: z.number().int().positive(),
  /** Clockwise rotation applied for display. */
  rotationDegrees: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
  /** Sample aspect ratio, width over height. */
  sampleAspectRatio: z.number().positive(),
  pixelFormat: z.string(),
  bitDepth: z.number().int().positive(),
  colorSpace: z.string(),
  colorTransfer: z.string(),
  colorPrimaries: z.string(),
  /** True when decoding tone-maps HDR (PQ or HLG) to SDR. */
  toneMapped: z.boolean(),
  hasAudio: z.boolean(),
  frameCount: z.number().int().positive(),
  /** Median of the frame intervals, as a rate. */
  framesPerSecond: z.number().positive(),
  variableFrameRate: z.boolean(),
  /** Presentation time of the first frame in the file's own clock. Seconds. */
  startSeconds: z.number(),
  /** From the first frame's time to the end of the last frame. Seconds. */
  durationSeconds: z.number().nonnegative(),
  /** Sentences for a coach: "the last 12 frames could not be decoded", "the audio is damaged". */
  warnings: z.array(z.string()),
  /** Which stream of the file is analysed, in the file's own order; the first video stream when absent. */
  videoStreamIndex: z.number().int().nonnegative().optional(),
});
export type ClipProbe = z.infer<typeof clipProbeSchema>;

/** The assets that the window plays and lists. */
export const clipPlaybackSchema = z.object({
  /** H.264 MP4, every frame a key frame; frame i of the proxy is frame i of the analysis. */
  proxy: assetReferenceSchema,
  proxyWidth: z.number().int().positive(),
  proxyHeight: z.number().int().positive(),
  /** JPEG. */
  poster: assetReferenceSchema,
  /** JPEG: `filmstripTiles` equally spaced frames side by side. */
  filmstrip: assetReferenceSchema,
  filmstripTiles: z.number().int().positive(),
  /** Presentation time in the proxy, seconds, of each frame (the first is 0). */
  frameTimesSeconds: z.array(z.number()),
});
export type ClipPlayback = z.infer<typeof clipPlaybackSchema>;
