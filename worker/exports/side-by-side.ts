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
    const total = parts[0].index.probe.frameCount + parts[1].index.probe.frameCount;
    const side = async (
      part: SideBySidePart,
      repetition: ExportedRepetition,
      done: number,
    ): Promise<SideBySideClip> => {
      const { clipPath, index, contents } = part;
      const path = join(folder, `${done}.mp4`);
      const onPart = (framesDone: number): void => onFrame(done + framesDone, total);
      const skeleton = skeletonOf(contents.document);
      const overlay = { clipPath, index, motion: contents.cleaned, skeleton, outputPath: path, onFrame: onPart };
      await renderOverlay(overlay, ports, signal);
      return {
        ...{ path, ...overlaySize(index.probe), framesPerSecond: index.probe.framesPerSecond },
        clipSecondsForOne: part.analysis.clipSecondsForOne,
        ...{ fromSeconds: repetition.fromSeconds, toSeconds: repetition.toSeconds },
        meetingSeconds: repetition.events[event]?.timeSeconds ?? repetition.fromSeconds,
        label: part.analysis.marks.athlete ?? part.clipName,
      };
    };
    const clips = [
      await side(parts[0], first, 0),
      await side(parts[1], second, parts[0].index.probe.frameCount),
    ] as const;
    await ports.media.placeSideBySide({ clips, outputPath, fontPath: reportFonts.semiBold() }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
