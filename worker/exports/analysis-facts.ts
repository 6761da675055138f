/** What a table or a report says of the clip and of how it was measured. */
import type { AnalysisDocument } from '../protocol/analysis.ts';
import type { MeasuredAnalysis } from './measured-analysis.ts';

export interface Fact {
  readonly name: string;
  readonly value: string | number;
}

export function clipFacts({ clip }: AnalysisDocument, { marks, profile, repetitions }: MeasuredAnalysis): Fact[] {
  const first = repetitions[0]?.measured;
  const height = marks.heightMetres ?? first?.heightMetres;
  return [
    { name: 'Clip', value: clip.name },
    ...(marks.athlete === undefined ? [] : [{ name: 'Athlete', value: marks.athlete }]),
    ...(marks.filmedOn === undefined ? [] : [{ name: 'Filmed on', value: marks.filmedOn }]),
    { name: 'Motion', value: profile.label },
    ...(first?.hand === undefined
      ? []
      : [{ name: 'Hand', value: marks.hand === undefined ? `${first.hand} (detected)` : first.hand }]),
    ...(height === undefined || !Number.isFinite(height)
      ? []
      : [{ name: marks.heightMetres === undefined ? 'Height, estimated (m)' : 'Height (m)', value: height }]),
    { name: 'Frames a second, stored', value: clip.framesPerSecond },
    ...(marks.filmedFramesPerSecond === undefined
      ? []
      : [{ name: 'Frames a second, filmed', value: marks.filmedFramesPerSecond }]),
    { name: 'Picture', value: `${clip.displayWidth} × ${clip.displayHeight} pixels` },
  ];
}

export function methodFacts(document: AnalysisDocument, { errors, profile }: MeasuredAnalysis): Fact[] {
  const { model, parameters, versions, cleaning } = document;
  return [
    { name: 'Frames', value: document.frames },
    { name: 'Frames with a pose', value: document.framesWithPose },
    { name: 'Model', value: `${model.id}, quality ${parameters.quality ?? 'fast'}` },
    { name: 'Joint errors', value: errors.basis },
    { name: 'Intervals', value: intervalsSentence },
    { name: 'Low-pass before measuring (Hz)', value: profile.cutoffHertz },
    ...(cleaning.cutoffHertz === undefined ? [] : [{ name: 'Low-pass of frames (Hz)', value: cleaning.cutoffHertz }]),
    { name: 'Filled samples', value: cleaning.filledSamples },
    { name: 'Outlier samples', value: cleaning.outlierSamples },
    { name: 'Frames with left and right swapped back', value: cleaning.swappedFrames },
    { name: 'Warnings', value: document.warnings.join(' ') || 'none' },
    { name: 'Analysed at', value: document.createdAt },
    { name: 'Shadow Trainer', value: `${versions.app}, pipeline ${versions.pipeline}` },
    { name: 'Analysis', value: document.analysisId },
    { name: 'Clip, SHA-256', value: document.clip.sha256 },
  ];
}

const intervalsSentence = '90 %: measured again with the joints’ errors drawn anew';
