/** Sizes and depths of pictures, as pure functions. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Size in square pixels as a player shows the clip. Like Chromium, the shorter axis of a non-square pixel is stretched,
 * so no detail is thrown away; then the picture is turned.
 */
export function displaySize(stored: {
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Width of a stored pixel over its height. */
  readonly sampleAspectRatio: number;
  readonly rotationDegrees: 0 | 90 | 180 | 270;
}): Size {
  const { codedWidth, codedHeight, sampleAspectRatio, rotationDegrees } = stored;
  const width = Math.max(1, Math.round(codedWidth * Math.max(1, sampleAspectRatio)));
  const height = Math.max(1, Math.round(codedHeight / Math.min(1, sampleAspectRatio)));
  return rotationDegrees === 90 || rotationDegrees === 270 ? { width: height, height: width } : { width, height };
}

/** Fits a size into a square of `longSide`, never enlarging it. */
export function fitInside(size: Size, limits: { readonly longSide: number; readonly even?: boolean }): Size {
  const factor = Math.min(1, limits.longSide / Math.max(size.width, size.height));
  const round = (length: number) =>
    limits.even ? Math.max(2, Math.round((length * factor) / 2) * 2) : Math.max(1, Math.round(length * factor));
  return { width: round(size.width), height: round(size.height) };
}

/** Bits of one colour component, from the name that ffmpeg gives a pixel format. */
export function bitDepthOf(pixelFormat: string): number {
  const packed = /^(?:x2rgb10|x2bgr10|p0?(10|12|16)|p[24](10|12|16)|y2(10|12)|v30x|xv30)/.exec(pixelFormat);
  if (packed) return Number(packed[1] ?? packed[2] ?? packed[3] ?? 10);
  const planar = /(?:p|ap|gray|ya|alpha)(9|10|12|14|16)(?:le|be)$/.exec(pixelFormat);
  if (planar) return Number(planar[1]);
  if (/^(?:rgb|bgr)48|^(?:rgba|bgra)64|^ya16|^gray16/.test(pixelFormat)) return 16;
  return 8;
}

/** Transfer functions that are high dynamic range: PQ and HLG. */
export function isHighDynamicRange(colorTransfer: string): boolean {
  return colorTransfer === 'smpte2084' || colorTransfer === 'arib-std-b67';
}
