/** One line on a terminal that tells how far a job is. Elsewhere nothing: a log is no place for a bar. */
import type { WriteStream } from 'node:tty';
import type { JobView } from './contract/calls.ts';

const barWidth = 24;

export interface ProgressLine {
  show(job: JobView): void;
  /** Clears the line. */
  end(): void;
}

export function createProgressLine(terminal: WriteStream): ProgressLine {
  if (!terminal.isTTY) return { show: () => undefined, end: () => undefined };
  const write = (text: string): void => {
    terminal.cursorTo(0);
    // A terminal that does not know its width says 0.
    terminal.write(text.slice(0, (terminal.columns || 80) - 1));
    terminal.clearLine(1);
  };
  return {
    show: ({ progress }) => {
      if (progress) write(progressText(progress));
    },
    end: () => {
      write('');
      terminal.cursorTo(0);
    },
  };
}

/** "pose      ████████░░░░  34 %  41/120 frames  63 fps  2 s left" */
export function progressText(progress: NonNullable<JobView['progress']>): string {
  const { stage, fraction, framesDone, framesTotal, framesPerSecond, secondsLeft } = progress;
  const filled = Math.round(fraction * barWidth);
  const parts = [
    stage.padEnd(8),
    '█'.repeat(filled) + '░'.repeat(barWidth - filled),
    `${Math.round(fraction * 100)} %`.padStart(5),
    ...(framesTotal > 0 ? [`${framesDone}/${framesTotal} frames`] : []),
    ...(framesPerSecond > 0 ? [`${Math.round(framesPerSecond)} fps`] : []),
    ...(secondsLeft === undefined ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ];
  return parts.join('  ');
}
