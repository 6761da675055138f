import { describe, expect, it } from 'vitest';
import { buildIndex } from '../../../worker/media/index-clip.ts';
import { isDamageLine, parseFrameStamp, parseTimeBase } from '../../../worker/media/parse-showinfo.ts';
import { madeProbe } from './made-probe.ts';

const timeBase = { numerator: 1, denominator: 1000 };
const build = (stamps: number[], errorCount = 0, claimedSeconds = 1) =>
  buildIndex({ probe: madeProbe({ durationSeconds: claimedSeconds }), stamps, timeBase, cuts: [2], errorCount });

describe('buildIndex', () => {
  it('measures from the first frame and keeps the stamps', () => {
    const index = build([8333, 8373, 8413]);
    expect([...index.timesSeconds]).toEqual([0, 0.04, 0.08]);
    expect([...index.presentationStamps]).toEqual([8333, 8373, 8413]);
    expect(index.probe).toMatchObject({
      frameCount: 3,
      framesPerSecond: 25,
      startSeconds: 8.333,
      variableFrameRate: false,
    });
    expect(index.probe.durationSeconds).toBeCloseTo(0.12, 12);
    expect(index.cuts).toEqual([2]);
  });

  it('does not call the alternation of a coarse clock a variable rate', () => {
    const stamps = Array.from({ length: 31 }, (_, i) => Math.round((i * 1000) / 30));
    const { probe } = build(stamps);
    expect(probe.variableFrameRate).toBe(false);
    expect(probe.framesPerSecond).toBeCloseTo(30, 6);
  });

  it('sees a dropped frame', () => {
    expect(build([0, 40, 80, 160, 200]).probe).toMatchObject({ variableFrameRate: true, framesPerSecond: 25 });
  });

  it('says how much of a broken clip can be decoded', () => {
    expect(build([0, 40, 80], 3, 10).probe.warnings).toEqual([
      'The clip is damaged: only 0.1 of its 10.0 seconds can be decoded.',
    ]);
    expect(build([0, 40, 80], 3, 0.12).probe.warnings).toEqual([
      'The clip is damaged in places: some of its frames may be missing or show errors.',
    ]);
    expect(build([0, 40, 80], 0, 10).probe.warnings).toEqual([]);
  });
});

describe('lines of showinfo', () => {
  const head = '[Parsed_showinfo_2 @ 0x559f61276cc0]';
  it('reads stamps and the time base, with and without the level', () => {
    expect(parseFrameStamp(`${head} [info] n:   1 pts:   1001 pts_time:0.0333667 pos:    10409 fmt:gray`)).toBe(1001);
    expect(parseFrameStamp(`${head} n:  12 pts:  -512 pts_time:-0.04 fmt:gray`)).toBe(-512);
    expect(parseFrameStamp(`${head} [info] n:   1 pts:NOPTS pts_time:NOPTS`)).toBeNaN();
    expect(parseFrameStamp(`${head} [info] color_range:pc color_space:bt709`)).toBeUndefined();
    expect(parseTimeBase(`${head} [info] config in time_base: 1001/30000, frame_rate: 30000/1001`)).toEqual({
      numerator: 1001,
      denominator: 30000,
    });
  });

  it('tells damage from noise', () => {
    expect(isDamageLine('[h264 @ 0x1] [error] error while decoding MB 14 33')).toBe(true);
    expect(isDamageLine('[matroska,webm @ 0x1] [error] File ended prematurely')).toBe(true);
    expect(isDamageLine('[h264 @ 0x1] [error] mmco: unref short failure')).toBe(false);
    expect(isDamageLine('[aac @ 0x1] [error] channel element 0.0 is not allocated')).toBe(false);
    expect(isDamageLine('[warning] -vsync is deprecated. Use -fps_mode')).toBe(false);
  });
});
