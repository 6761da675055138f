import type { ClipIndex } from '../../../worker/pipeline/ports.ts';
import type { ClipProbe } from '../../../worker/protocol/clip.ts';

/** A plain clip, for tests that vary one thing of it. */
export function madeProbe(changes: Partial<ClipProbe> = {}): ClipProbe {
  return {
    container: 'mp4',
    codec: 'h264',
    codedWidth: 1280,
    codedHeight: 720,
    displayWidth: 1280,
    displayHeight: 720,
    rotationDegrees: 0,
    sampleAspectRatio: 1,
    pixelFormat: 'yuv420p',
    bitDepth: 8,
    colorSpace: 'bt709',
    colorTransfer: 'bt709',
    colorPrimaries: 'bt709',
    toneMapped: false,
    hasAudio: false,
    frameCount: 100,
    framesPerSecond: 25,
    variableFrameRate: false,
    startSeconds: 0,
    durationSeconds: 4,
    warnings: [],
    videoStreamIndex: 0,
    ...changes,
  };
}

/** 25 frames a second, 512 ticks each. */
export function madeIndex(changes: Partial<ClipProbe> = {}): ClipIndex {
  const probe = madeProbe(changes);
  const frames = Array.from({ length: probe.frameCount }, (_, i) => i);
  return {
    probe,
    timesSeconds: Float64Array.from(frames, (i) => i / 25),
    presentationStamps: Float64Array.from(frames, (i) => i * 512),
    cuts: [],
  };
}
