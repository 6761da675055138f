/**
 * The scout: looks at about four frames a second of the whole clip, finds everybody, links them over time.
 * Chunks are tracked independently of each other; what the scout saw keeps all of them on the same person.
 */

import type { AthleteChoice } from '../protocol/analysis.ts';
import { shotsOf } from './chunk-plan.ts';
import { areaAround, observePeople, scaleRegion } from './observe-people.ts';
import { isSameBody, linkSightings, longestAbsenceSeconds, type PersonTrack, type Sighting } from './people-tracks.ts';
import type { Box, ClipIndex, MediaPort, PoseEngine, PoseRegion, YuvImage } from './ports.ts';

const secondsBetweenLooks = 0.25;
const mostLooks = 1500;
/** Long side of the frames looked at. */
export const scoutLongSide = 1280;
/** Frames kept to follow a newcomer back to where the person was first in the picture. */
const rememberedLooks = 6;
/** With people already in sight, small newcomers are searched only every so many looks. */
const looksBetweenTileSearches = 8;
/** Fewer in a longer shot are taken for a mistake. */
const leastSightings = 3;
/** Median pose score of a real person's track; people measured 0.98 to 1, a tree 0.72. */
const leastTypicalScore = 0.9;

export interface ShotPeople {
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly scoutedFrames: number;
  readonly tracks: readonly PersonTrack[];
}

export interface ScoutInput {
  readonly path: string;
  readonly index: ClipIndex;
  readonly choice: AthleteChoice | undefined;
  readonly onFrame: (framesDone: number, framesTotal: number) => void;
}

interface Look {
  readonly frame: number;
  readonly image: YuvImage;
}

/** Everybody in the clip, shot by shot. A track never crosses a hard cut. */
export async function scoutPeople(
  input: ScoutInput,
  media: MediaPort,
  engine: PoseEngine,
  signal: AbortSignal,
): Promise<ShotPeople[]> {
  const { index } = input;
  const { displayWidth, displayHeight, frameCount, framesPerSecond } = index.probe;
  const step = Math.max(1, Math.round(framesPerSecond * secondsBetweenLooks), Math.ceil(frameCount / mostLooks));
  const scale = Math.min(1, scoutLongSide / Math.max(displayWidth, displayHeight));
  const width = Math.max(1, Math.round(displayWidth * scale));
  const height = Math.max(1, Math.round(displayHeight * scale));
  const displayScale = displayWidth / width;
  const choiceFrame = input.choice && nearestLook(input.choice.timeSeconds, index, step);

  const shots = shotsOf(frameCount, index.cuts).map((shot) => ({
    ...shot,
    scoutedFrames: 0,
    tracks: [] as PersonTrack[],
  }));
  let nextId = 0;
  let looks = 0;
  let remembered: Look[] = [];
  let shot = shots[0];
  const decoding = media.decodeYuv(
    { path: input.path, index, firstFrame: 0, endFrame: frameCount, step, width, height },
    signal,
  );
  for await (const { frame, image } of lookAt(decoding)) {
    const current = shots.find((candidate) => frame >= candidate.firstFrame && frame < candidate.endFrame);
    if (current === undefined) continue;
    if (current !== shot) remembered = [];
    shot = current;
    shot.scoutedFrames++;
    const live = shot.tracks.filter((track) => isLive(track, frame, index.timesSeconds));
    const known = live
      .flatMap((track) => track.sightings.slice(-1))
      .map((last) => scaleRegion(last.region, 1 / displayScale));
    const sightings = await observePeople(
      {
        frame,
        image,
        displayScale,
        known,
        wholeFrame: true,
        tileDepth: live.length === 0 ? 2 : looks % looksBetweenTileSearches === 0 ? 1 : 0,
      },
      engine,
    );
    if (input.choice !== undefined && frame === choiceFrame) {
      const area = boxInPixels(input.choice, displayWidth, displayHeight);
      if (closestTo(area, sightings) === undefined) {
        sightings.push(...(await searchIn(area, { frame, image, displayScale }, engine)));
      }
    }
    const linked = linkSightings(live, sightings);
    const newcomers: PersonTrack[] = [];
    sightings.forEach((sighting, i) => {
      const track = linked[i];
      if (track) track.sightings.push(sighting);
      else newcomers.push({ id: nextId++, sightings: [sighting], chosen: false });
    });
    for (const track of newcomers) await followBack(track, remembered, displayScale, shot.tracks, engine);
    shot.tracks.push(...newcomers);
    if (input.choice !== undefined && frame === choiceFrame) {
      const chosen = closestTo(boxInPixels(input.choice, displayWidth, displayHeight), sightings);
      const track = shot.tracks.find(({ sightings: seen }) => chosen !== undefined && seen.includes(chosen));
      if (track) track.chosen = true;
    }
    remembered = [...remembered.slice(1 - rememberedLooks), { frame, image: copyOf(image) }];
    looks++;
    input.onFrame(Math.min(frameCount, frame + step), frameCount);
  }
  return shots.map((found) => ({
    ...found,
    tracks: found.tracks.filter((track) => isPerson(track, found.scoutedFrames)),
  }));
}

async function* lookAt(frames: ReturnType<MediaPort['decodeYuv']>): AsyncGenerator<Look> {
  for await (const { index, image } of frames) yield { frame: index, image };
}

function copyOf(image: YuvImage): YuvImage {
  return { ...image, data: image.data.slice() };
}

function isLive(track: PersonTrack, frame: number, timesSeconds: Float64Array): boolean {
  const last = track.sightings.at(-1)?.frame ?? 0;
  return (timesSeconds[frame] ?? 0) - (timesSeconds[last] ?? 0) <= longestAbsenceSeconds;
}

/**
 * A sighting or two in a longer shot, or a track that the pose model is seldom sure of, is taken for a mistake (a tree, a
 * shadow), unless the coach pointed at it.
 */
function isPerson(track: PersonTrack, scoutedFrames: number): boolean {
  if (track.chosen) return true;
  const scores = track.sightings.map((sighting) => sighting.score).sort((a, b) => a - b);
  const isSure = (scores[Math.floor(scores.length / 2)] ?? 0) >= leastTypicalScore;
  return isSure && track.sightings.length >= Math.min(leastSightings, scoutedFrames);
}

/** Somebody noticed late was often there before: too small, too blurred. Looks back while the pose model agrees. */
async function followBack(
  track: PersonTrack,
  remembered: readonly Look[],
  displayScale: number,
  others: readonly PersonTrack[],
  engine: PoseEngine,
): Promise<void> {
  for (const { frame, image } of [...remembered].reverse()) {
    const first = track.sightings[0];
    if (first === undefined) return;
    const known = scaleRegion(first.region, 1 / displayScale);
    const found = (await searchIn(first.box, { frame, image, displayScale }, engine, known)).find(
      (sighting) => linkSightings([{ ...track, sightings: [first] }], [sighting])[0] !== undefined,
    );
    const taken = others.some((other) =>
      other.sightings.some(
        (sighting) => sighting.frame === frame && found && isSameBody(sighting.region, found.region),
      ),
    );
    if (found === undefined || taken) return;
    track.sightings.unshift(found);
  }
}

/** People in one part of the picture (display pixels). A click, which has no size, searches around itself. */
async function searchIn(
  area: Box,
  look: { frame: number; image: YuvImage; displayScale: number },
  engine: PoseEngine,
  expected?: PoseRegion,
): Promise<Sighting[]> {
  const { image, displayScale } = look;
  const shortSide = Math.min(image.width, image.height);
  const size = Math.max(area.width, area.height) / displayScale;
  const around: PoseRegion = {
    centerX: (area.x + area.width / 2) / displayScale,
    centerY: (area.y + area.height / 2) / displayScale,
    size: size > 4 ? size * 1.25 : shortSide * 0.3,
    rotationRadians: 0,
  };
  const part = areaAround(around, 1.5, image);
  const regions = (await engine.detect(image, part)).map((detection) => detection.region);
  const known = expected ? [...regions, expected] : regions.length > 0 ? regions : [around];
  return await observePeople({ ...look, known, wholeFrame: false, tileDepth: 0 }, engine);
}

function boxInPixels(choice: AthleteChoice, width: number, height: number): Box {
  const { x, y, width: w, height: h } = choice.box;
  return { x: x * width, y: y * height, width: w * width, height: h * height };
}

/** The sighting that the coach meant: the one around the point, or nearest to the middle of the box. */
function closestTo(area: Box, sightings: readonly Sighting[]): Sighting | undefined {
  const x = area.x + area.width / 2;
  const y = area.y + area.height / 2;
  let best: Sighting | undefined;
  let nearest = Number.POSITIVE_INFINITY;
  for (const sighting of sightings) {
    const { box } = sighting;
    const distance = Math.hypot(
      (x - (box.x + box.width / 2)) / Math.max(1, box.width),
      (y - (box.y + box.height / 2)) / Math.max(1, box.height),
    );
    // A click just beside an outstretched hand still means that person.
    if (distance < 0.75 && distance < nearest) {
      nearest = distance;
      best = sighting;
    }
  }
  return best;
}

function nearestLook(timeSeconds: number, index: ClipIndex, step: number): number {
  let best = 0;
  for (let frame = 0; frame < index.timesSeconds.length; frame += step) {
    const time = index.timesSeconds[frame] ?? 0;
    if (Math.abs(time - timeSeconds) < Math.abs((index.timesSeconds[best] ?? 0) - timeSeconds)) best = frame;
  }
  return best;
}
