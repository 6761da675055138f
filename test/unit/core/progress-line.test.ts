import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { createProgressLine, progressText } from '../../../src-main/progress-line.ts';

const progress = { stage: 'pose', framesDone: 41, framesTotal: 120, framesPerSecond: 62.6, fraction: 0.5 } as const;

describe('progressText', () => {
  it('says stage, share, frames, speed and time left', () => {
    expect(progressText({ ...progress, secondsLeft: 1.2 })).toBe(
      `pose      ${'█'.repeat(12)}${'░'.repeat(12)}   50 %  41/120 frames  63 fps  2 s left`,
    );
  });

  it('leaves out what is not known', () => {
    const begun = { stage: 'probe', framesDone: 0, framesTotal: 0, framesPerSecond: 0, fraction: 0 } as const;
    expect(progressText(begun)).toBe(`probe     ${'░'.repeat(24)}    0 %`);
  });

  it('is full at the end', () => {
    expect(progressText({ ...progress, fraction: 1 })).toContain(`${'█'.repeat(24)}  100 %`);
  });
});

describe('progress line', () => {
  const job = { id: 'a', kind: 'analyse-clip', clipSha256: 'a', status: 'running', createdAt: '', progress } as const;

  /** A terminal, or a file, that keeps what is written to it. */
  function output(isTTY: boolean, columns = 40) {
    const written: string[] = [];
    const stream = {
      isTTY,
      columns,
      write: (text: string) => void written.push(text),
      cursorTo: () => true,
      clearLine: () => true,
    };
    return { written, stream: stream as unknown as WriteStream };
  }

  it('writes nothing where there is no terminal', () => {
    const { written, stream } = output(false);
    const line = createProgressLine(stream);
    line.show(job);
    line.end();
    expect(written).toEqual([]);
  });

  it('never breaks into a second line', () => {
    const { written, stream } = output(true, 30);
    createProgressLine(stream).show(job);
    expect(written).toHaveLength(1);
    expect(written[0]?.length).toBeLessThan(30);
    expect(written[0]).not.toContain('\n');
  });
});
