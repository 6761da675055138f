import { createHash } from 'node:crypto';
import { type PoseModel, poseModels } from '../../models/registry.ts';
import {
  type AnalysisParameters,
  analysisDocumentSchema,
  analysisFiles,
  type PersonSummary,
  pipelineVersion,
  qualityOf,
} from '../protocol/analysis.ts';
import type { AssetReference, Sha256 } from '../protocol/assets.ts';
import { ClipRefusedError } from '../protocol/errors.ts';
import type { JobPayload } from '../protocol/jobs.ts';
import { type AnalysisPlan, encodeClipIndex, encodeJson } from './analysis-plan.ts';
import { chooseAthlete, scoreTracks } from './choose-athlete.ts';
import { planChunks } from './chunk-plan.ts';
import { indexClip } from './index-clip.ts';
import type { Sighting } from './people-tracks.ts';
import type { ClipIndex, OnProgress, Ports } from './ports.ts';
import { type ShotPeople, scoutLongSide, scoutPeople } from './scout-people.ts';
import { secondsSince } from './seconds-since.ts';

export type PlannedAnalysis =
  | {
      readonly reused: true;
      readonly analysisId: Sha256;
      readonly frames: number;
      readonly framesWithPose: number;
      readonly people: number;
    }
  | {
      readonly reused: false;
      readonly analysisId: Sha256;
      readonly plan: AssetReference;
      readonly chunkCount: number;
      readonly frames: number;
    };

/** A region this large gives the pose model, which sees 256 pixels, all it can use. */
const usefulRegionPixels = 320;
/** Frames are never decoded larger than this, however small the athlete. */
const largestLongSide = 1920;

/**
 * Identity of an analysis: same clip, same weights, same parameters, same code, same numbers.
 */
export function analysisIdOf(clip: Sha256, model: PoseModel, parameters: AnalysisParameters): Sha256 {
  const { athlete } = parameters;
  const identity = [
    clip,
    model.id,
    model.detector.sha256,
    model.landmarks.sha256,
    pipelineVersion,
    qualityOf(parameters),
    athlete ?? 'automatic',
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

/** Probe, index, scout, choose the athlete, cut into chunks. Throws ClipRefusedError. */
export async function planAnalysis(
  input: JobPayload<'analyse-clip'> & { readonly onProgress: OnProgress },
  ports: Ports,
  signal: AbortSignal,
): Promise<PlannedAnalysis> {
  const model = poseModels[input.parameters.model];
  const analysisId = analysisIdOf(input.clip.sha256, model, input.parameters);
  if (await ports.analyses.has(analysisId)) {
    const bytes = await ports.analyses.read(analysisId, analysisFiles.document);
    const document = analysisDocumentSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    const { frames, framesWithPose, people } = document;
    return { reused: true, analysisId, frames, framesWithPose, people: people.length };
  }

  const key = { stage: 'plan', version: pipelineVersion, inputs: { analysisId } };
  const indexStarted = performance.now();
  const index = await indexClip(input, ports, signal);
  const indexSeconds = secondsSince(indexStarted);
  const frames = index.probe.frameCount;
  const chunks = planChunks(frames, index.cuts);
  const known = await ports.derived.get(key);
  if (known) return { reused: false, analysisId, plan: known, chunkCount: chunks.length, frames };

  const scoutStarted = performance.now();
  const engine = await ports.poseEngine(input.parameters.model);
  const people = await scoutPeople(
    {
      path: await ports.assets.localPath(input.clip),
      index,
      choice: input.parameters.athlete,
      onFrame: (done, total) => input.onProgress('scout', done, total),
    },
    ports.media,
    engine,
    signal,
  );
  const { shots, summaries } = chooseInEveryShot(people, index);
  if (shots.every((shot) => shot.seeds.length === 0)) {
    throw new ClipRefusedError(
      'NO_ATHLETE_FOUND',
      'No person was found in this clip. Check that the athlete is in the picture, or draw a box around the athlete.',
    );
  }
  const plan: AnalysisPlan = {
    analysisId,
    parameters: input.parameters,
    index: encodeClipIndex(index),
    ...analysisSize(
      index,
      shots.flatMap((shot) => shot.seeds.map((seed) => seed.region.size)),
    ),
    chunks,
    shots,
    people: summaries,
    timings: [
      { stage: 'index', seconds: indexSeconds },
      { stage: 'scout', seconds: secondsSince(scoutStarted) },
    ],
    warnings: index.cuts.length === 0 ? [] : [cutWarning(index.cuts.length)],
  };
  const asset = await ports.assets.putBytes(encodeJson(plan), 'application/json');
  await ports.derived.put(key, asset);
  return { reused: false, analysisId, plan: asset, chunkCount: chunks.length, frames };
}

function cutWarning(cuts: number): string {
  return `The clip has ${cuts === 1 ? 'a hard cut' : `${cuts} hard cuts`}; each shot is analysed by itself.`;
}

function chooseInEveryShot(people: readonly ShotPeople[], index: ClipIndex) {
  const { displayWidth: width, displayHeight: height } = index.probe;
  const shots: AnalysisPlan['shots'] = [];
  const summaries: PersonSummary[] = [];
  for (const { firstFrame, endFrame, scoutedFrames, tracks } of people) {
    const scores = scoreTracks(tracks, { width, height, scoutedFrames, timesSeconds: index.timesSeconds });
    const athlete = chooseAthlete(tracks, scores);
    const seeds = (tracks[athlete]?.sightings ?? []).map(({ frame, region }) => ({ frame, region }));
    shots.push({ firstFrame, endFrame, seeds });
    tracks.forEach((track, i) => {
      const score = scores[i];
      if (score === undefined) return;
      summaries.push({
        id: summaries.length,
        isAthlete: i === athlete,
        firstFrame: track.sightings[0]?.frame ?? firstFrame,
        lastFrame: track.sightings.at(-1)?.frame ?? firstFrame,
        meanBox: meanBox(track.sightings, width, height),
        score,
      });
    });
  }
  return { shots, summaries };
}

function meanBox(sightings: readonly Sighting[], width: number, height: number): PersonSummary['meanBox'] {
  const mean = (pick: (sighting: Sighting) => number, span: number): number =>
    Math.min(1, Math.max(0, sightings.reduce((sum, sighting) => sum + pick(sighting), 0) / sightings.length / span));
  return {
    x: mean(({ box }) => box.x, width),
    y: mean(({ box }) => box.y, height),
    width: mean(({ box }) => box.width, width),
    height: mean(({ box }) => box.height, height),
  };
}

/**
 * Size of the frames that pose is estimated in: 1280 on the long side, more where the athlete is so small that the
 * model would see an enlarged picture, never more than the clip has.
 */
export function analysisSize(
  index: ClipIndex,
  regionSizes: readonly number[],
): { analysisWidth: number; analysisHeight: number } {
  const { displayWidth, displayHeight } = index.probe;
  const longSide = Math.max(displayWidth, displayHeight);
  const typical = [...regionSizes].sort((a, b) => a - b)[Math.floor(regionSizes.length / 2)] ?? longSide;
  const base = Math.min(1, scoutLongSide / longSide);
  const wanted = Math.max(base, usefulRegionPixels / typical);
  const scale = Math.min(1, wanted, Math.max(base, largestLongSide / longSide));
  return {
    analysisWidth: Math.max(1, Math.round(displayWidth * scale)),
    analysisHeight: Math.max(1, Math.round(displayHeight * scale)),
  };
}
