import { describe, expect, it } from 'vitest';
import { commonSpan, filterValue, sideBySideArguments } from '../../../worker/media/side-by-side-arguments.ts';
import type { SideBySideClip } from '../../../worker/pipeline/ports.ts';

const athlete: SideBySideClip = {
  ...{ path: '/a.mp4', width: 1280, height: 720, framesPerSecond: 30, clipSecondsForOne: 1 },
  ...{ fromSeconds: 0.5, toSeconds: 3, meetingSeconds: 1.75, label: "It's 50%, A:B" },
};
/** Filmed eight times faster than it is stored. */
const slow: SideBySideClip = {
  ...{ path: '/b.mp4', width: 608, height: 1080, framesPerSecond: 30, clipSecondsForOne: 8 },
  ...{ fromSeconds: 2, toSeconds: 18, meetingSeconds: 10, label: 'Pro' },
};

describe('two clips side by side', () => {
  it('show what both have around the moment, on the clock of the real motion', () => {
    expect(commonSpan([athlete, slow])).toEqual({ before: 1, after: 1 });
    expect(commonSpan([athlete, { ...slow, meetingSeconds: 1 }])).toEqual({ before: 0, after: 1.25 });
  });

  it('are one run of ffmpeg, at one height and one rate', () => {
    const clips = [athlete, slow] as const;
    const args = sideBySideArguments({ clips, outputPath: '/o.mp4', fontPath: 'C:\\f.ttf' }, { drawtext: true });
    expect(args.slice(0, args.indexOf('-map') + 2)).toEqual([
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'],
      ...['-protocol_whitelist', 'file', '-i', 'file:/a.mp4', '-protocol_whitelist', 'file', '-i', 'file:/b.mp4'],
      '-filter_complex',
      [
        "[0:v:0]setpts=(PTS-0.75/TB)/1,fps=60:start_time=0:round=near,tpad=stop_mode=clone:stop_duration=1,trim=end=2,scale=1920:1080:flags=bicubic,setsar=1,drawtext=fontfile=C\\\\:\\\\\\\\f.ttf:text=It\\\\\\'s 50%\\, A\\\\:B:expansion=none:fontsize=42:fontcolor=white:box=1:boxcolor=0x0b0e14@0.6:boxborderw=21:x=42:y=42[clip0]",
        '[1:v:0]setpts=(PTS-2/TB)/8,fps=60:start_time=0:round=near,tpad=stop_mode=clone:stop_duration=1,trim=end=2,scale=608:1080:flags=bicubic,setsar=1,drawtext=fontfile=C\\\\:\\\\\\\\f.ttf:text=Pro:expansion=none:fontsize=42:fontcolor=white:box=1:boxcolor=0x0b0e14@0.6:boxborderw=21:x=42:y=42[clip1]',
        '[clip0][clip1]hstack=inputs=2,format=yuv420p[both]',
      ].join(';'),
      ...['-map', '[both]'],
    ]);
    expect(args.at(-1)).toBe('file:/o.mp4');
    const plain = sideBySideArguments({ clips, outputPath: '/o.mp4', fontPath: '/f' }, { drawtext: false });
    expect(plain.join()).not.toContain('drawtext');
  });

  it('a label means itself in a filter graph', () => {
    expect(filterValue("a'b:c\\d[e],f;g")).toBe("a\\\\\\'b\\\\:c\\\\\\\\d\\[e\\]\\,f\\;g");
  });
});
