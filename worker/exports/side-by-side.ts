/** Two repetitions next to each other, each with its skeleton, meeting at the same moment of the motion. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalysisContents } from '../pipeline/analysis-files.ts';
import type { ClipIndex, Ports, SideBySideClip } from '../pipeline/ports.ts';
import { skeletonOf } from '../pipeline/skeleton-of.ts';
import { AppError } from '../protocol/errors.ts';
import type { ExportedRepetition, MeasuredAnalysis } from './measured-analysis.ts';
import { overlaySize, renderOverlay } from './render-overlay.ts';
import { reportFonts } from './report-fonts.ts';

export interface SideBySidePart {
  readonly clipPath: string;
  readonly clipName: string;
  readonly index: ClipIndex;
  readonly contents: AnalysisContents;
  readonly analysis: MeasuredAnalysis;
  /** Counted from 0. */
  readonly repetition: number;
}

/** Writes the film, at most Full HD high. Throws AppError INVALID_INPUT where the two have no moment in common. */
export async function renderSideBySide(
  input: {
    readonly parts: readonly [SideBySidePart, SideBySidePart];
    readonly outputPath: string;
    readonly onFrame: (framesDone: number, framesTotal: number) => void;
  },
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { parts, outputPath, onFrame } = input;
  const [first, second] = [repetitionOf(parts[0]), repetitionOf(parts[1])];
  const event = meetingEvent(parts[0].analysis, first, second);
  const folder = await mkdtemp(join(ports.temporaryDirectory, 'side-by-side-'));
  try {
    const frames = [framesOf(parts[0], first), framesOf(parts[1], second)] as const;
    const total = frames[0].count + frames[1].count;
    const side = async (place: 0 | 1, repetition: ExportedRepetition): Promise<SideBySideClip> => {
      const { clipPath, clipName, index, contents, analysis } = parts[place];
      const { firstFrame, endFrame, startSeconds } = frames[place];
      const path = join(folder, `${place}.mp4`);
      const done = place === 0 ? 0 : frames[0].count;
      await renderOverlay(
        {
          ...{ clipPath, index, firstFrame, endFrame, outputPath: path },
          ...{ motion: contents.cleaned, skeleton: skeletonOf(contents.document) },
          onFrame: (framesDone) => onFrame(done + framesDone, total),
        },
        ports,
        signal,
      );
      const { fromSeconds, toSeconds, events } = repetition;
      return {
        ...{ path, ...overlaySize(index.probe), framesPerSecond: index.probe.framesPerSecond },
        clipSecondsForOne: analysis.clipSecondsForOne,
        ...{ fromSeconds: fromSeconds - startSeconds, toSeconds: toSeconds - startSeconds },
        meetingSeconds: (events[event]?.timeSeconds ?? fromSeconds) - startSeconds,
        label: analysis.marks.athlete ?? clipName,
      };
    };
    const clips = [await side(0, first), await side(1, second)] as const;
    await ports.media.placeSideBySide({ clips, outputPath, fontPath: reportFonts.semiBold() }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that a repetition is seen in, one more on either side. */
function framesOf({ index: { timesSeconds } }: SideBySidePart, { fromSeconds, toSeconds }: ExportedRepetition) {
  const firstFrame = Math.max(0, timesSeconds.findIndex((time) => time >= fromSeconds) - 1);
  const last = timesSeconds.findIndex((time) => time > toSeconds);
  const endFrame = last < 0 ? timesSeconds.length : last + 1;
  return { firstFrame, endFrame, count: endFrame - firstFrame, startSeconds: timesSeconds[firstFrame] ?? 0 };
}

function repetitionOf({ analysis, repetition, clipName }: SideBySidePart): ExportedRepetition {
  const found = analysis.repetitions[repetition];
  if (found === undefined) {
    throw new AppError('INVALID_INPUT', analysis.problem ?? `${clipName} has no repetition ${repetition + 1}.`);
  }
  return found;
}

/** Release, or the first moment that both have; the beginnings meet where the motion has no moments at all. */
export function meetingEvent(
  { profile }: Pick<MeasuredAnalysis, 'profile'>,
  first: Pick<ExportedRepetition, 'events'>,
  second: Pick<ExportedRepetition, 'events'>,
): string {
  const ids = ['release', ...profile.events.map(({ id }) => id)];
  const common = ids.find((id) => first.events[id] !== undefined && second.events[id] !== undefined);
  if (common !== undefined || profile.events.length === 0) return common ?? '';
  throw new AppError('INVALID_INPUT', 'The two repetitions have no moment in common at which they could meet.');
}
