/** Arguments that every ffmpeg run begins with. Options exist in ffmpeg 4.4 and later. */

/** Clock of every MP4 that we write, in ticks per second: common frame times round by less than 0.006 ms. */
export const outputTicksPerSecond = 90_000;

/** Quiet, machine-readable: each log line says its level, and none is folded into "repeated N times". */
export const logArguments = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'] as const;

/**
 * The clip itself. The `file:` prefix keeps names such as `-x.mp4` or `a:b.mp4` from being read as options or
 * addresses; the whitelist keeps a crafted file from making ffmpeg reach over the network.
 */
export function inputArguments(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-i', `file:${path}`];
}

/**
 * Decoder threads. What a decoder makes up for damaged data depends on where it began and on how its threads raced: a
 * damaged clip is always decoded from its start by one thread, so that every pass sees the same frames.
 */
export function threadArguments(clip: { readonly damaged: boolean; readonly mostThreads?: number }): string[] {
  if (clip.damaged) return ['-threads', '1'];
  return clip.mostThreads === undefined ? [] : ['-threads', `${clip.mostThreads}`];
}

/** Whether the index found damage: its only warnings. */
export function isDamaged(probe: { readonly warnings: readonly string[] }): boolean {
  return probe.warnings.length > 0;
}

/** Which stream of the clip: its own index where it is known, else the first video stream. */
export function streamSpecifier(videoStreamIndex: number | undefined): string {
  return videoStreamIndex === undefined ? '0:v:0' : `0:${videoStreamIndex}`;
}

/** H.264 in an MP4 that plays anywhere, each frame at its own time: no frame is added, dropped or moved. */
export function h264Arguments(encoding: {
  readonly quality: number;
  readonly preset: 'ultrafast' | 'veryfast';
  /** Largest distance of key frames, in frames. */
  readonly keyFrameDistance: number;
}): string[] {
  const { quality, preset, keyFrameDistance } = encoding;
  return [
    ...['-vsync', 'passthrough', '-enc_time_base', `1:${outputTicksPerSecond}`],
    ...['-c:v', 'libx264', '-preset', preset, '-crf', `${quality}`, '-g', `${keyFrameDistance}`],
    // Without reordered frames the file needs no edit list, which players disagree about.
    ...['-bf', '0', '-pix_fmt', 'yuv420p'],
    ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'],
    ...['-map_metadata', '-1', '-movflags', '+faststart', '-video_track_timescale', `${outputTicksPerSecond}`],
    ...['-f', 'mp4', '-y'],
  ];
}
