/** What a stage needs from outside, as interfaces: stages never import inference, media or storage. */
import type { ModelId, PoseModel } from '../../models/registry.ts';
import type { AssetReference } from '../protocol/assets.ts';
import type { ClipPlayback, ClipProbe } from '../protocol/clip.ts';
import type { DeviceReport } from '../protocol/devices.ts';
import type { ClipLimits, StageName } from '../protocol/jobs.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Packed 8-bit RGB, row-major, no padding: data.length = width * height * 3. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The matrix that a clip's luma and chroma were made with: ITU-R BT.601, BT.709, BT.2020. */
export type ColorMatrix = 'bt601' | 'bt709' | 'bt2020';

/**
 * Planar 8-bit Y'CbCr 4:2:0, limited range, as decoders put it out: half the bytes of RGB and no conversion of pixels
 * that nobody looks at. data = Y [height × width], Cb, Cr [⌈height / 2⌉ × ⌈width / 2⌉ each]; a chroma sample lies on
 * the left of its two columns and between its two rows.
 */
export interface YuvImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly matrix: ColorMatrix;
}

export type Picture = RgbImage | YuvImage;

/** A decoded frame. `image.data` may be reused by the decoder after the consumer's turn ends. */
export interface DecodedFrame<Image extends Picture = RgbImage> {
  readonly index: number;
  readonly image: Image;
}

/** Every frame of a clip, as the decoder puts it out. */
export interface ClipIndex {
  readonly probe: ClipProbe;
  /** Seconds from the first frame, strictly increasing. Length = probe.frameCount. */
  readonly timesSeconds: Float64Array;
  /** Presentation stamps of the same frames in the stream's time base: how a frame is found again exactly. */
  readonly presentationStamps: Float64Array;
  /** First frames after a hard cut, ascending, never 0. */
  readonly cuts: readonly number[];
}

export interface DecodeRequest {
  readonly path: string;
  readonly index: ClipIndex;
  /** Frames [firstFrame, endFrame), every `step`-th. */
  readonly firstFrame: number;
  readonly endFrame: number;
  readonly step?: number;
  /** Size of the frames put out; aspect as displayed. */
  readonly width: number;
  readonly height: number;
}

export interface MediaPort {
  /** Probes the container only. Throws ClipRefusedError. */
  probe(path: string, limits: ClipLimits, signal: AbortSignal): Promise<ClipProbe>;
  /** Decodes once: real frame times and hard cuts. Throws ClipRefusedError when no frame decodes. */
  index(
    path: string,
    limits: ClipLimits,
    onFrame: (framesDone: number, framesTotal: number) => void,
    signal: AbortSignal,
  ): Promise<ClipIndex>;
  /** Streams frames in order with back-pressure. Ends early (fewer frames) where the clip is broken. */
  decode(request: DecodeRequest, signal: AbortSignal): AsyncIterable<DecodedFrame>;
  /** The same frames for those who look at few of their pixels: at a third of the cost. */
  decodeYuv(request: DecodeRequest, signal: AbortSignal): AsyncIterable<DecodedFrame<YuvImage>>;
  /** Poster, filmstrip and proxy, written into the asset store. */
  makePlayback(
    path: string,
    index: ClipIndex,
    assets: AssetStore,
    onFrame: (framesDone: number, framesTotal: number) => void,
    signal: AbortSignal,
  ): Promise<ClipPlayback>;
  /** Encodes an H.264 MP4 from drawn frames at the clip's own frame times. */
  encode(request: EncodeRequest, frames: AsyncIterable<DecodedFrame>, signal: AbortSignal): Promise<void>;
  /** One picture as a JPEG. */
  encodePicture(image: RgbImage, signal: AbortSignal): Promise<Uint8Array>;
  /** Two videos next to each other as one. */
  placeSideBySide(request: SideBySideRequest, signal: AbortSignal): Promise<void>;
  /** Version line of the ffmpeg in use. */
  version(): Promise<string>;
}

export interface EncodeRequest {
  readonly outputPath: string;
  readonly width: number;
  readonly height: number;
  readonly timesSeconds: Float64Array;
}

export interface SideBySideClip {
  /** A video that begins at 0 s, in square pixels. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** More than 1 where it is slow motion: shown so much faster. */
  readonly clipSecondsForOne: number;
  /** What is shown at most, and the moment at which both clips meet. Seconds of the clip. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly meetingSeconds: number;
  readonly label: string;
}

export interface SideBySideRequest {
  readonly clips: readonly [SideBySideClip, SideBySideClip];
  readonly outputPath: string;
  /** Of the labels: TrueType or OpenType. */
  readonly fontPath: string;
}

/** A square, rotated region of an image that is expected to hold one person. Image pixels, radians clockwise. */
export interface PoseRegion {
  readonly centerX: number;
  readonly centerY: number;
  readonly size: number;
  readonly rotationRadians: number;
}

export interface PersonDetection {
  /** Detector's own confidence 0..1. */
  readonly score: number;
  /** Body region to estimate the pose in. */
  readonly region: PoseRegion;
  /** Detector's box, image pixels (BlazePose: the face/upper body; use the region for extent). */
  readonly box: Box;
}

export interface PoseEstimate {
  /** Confidence that a person is in the region, 0..1. */
  readonly score: number;
  /** Float32 [K × 4]: x, y in image pixels, visibility 0..1, presence 0..1. */
  readonly landmarks2d: Float32Array;
  /** Float32 [K × 3]: metres, origin mid-hip; x right, y down, z away from the camera. */
  readonly landmarks3d: Float32Array;
  /** Where the model expects the same person in the next frame, unfiltered. */
  readonly nextRegion: PoseRegion;
}

/** One loaded pose model on one device. Not re-entrant: one call at a time. */
export interface PoseEngine {
  readonly model: PoseModel;
  readonly device: DeviceReport;
  /** People in the image, or in a part of it; coordinates are always of the whole image. Best first. */
  detect(image: Picture, area?: Box): Promise<readonly PersonDetection[]>;
  /** `mirrored`: the model is shown the region in the mirror; what comes back is of the image all the same. */
  estimate(image: Picture, region: PoseRegion, mirrored?: boolean): Promise<PoseEstimate>;
  /** Seconds spent inside the runtime since creation. */
  readonly inferenceSeconds: number;
  close(): Promise<void>;
}

export type PoseEngineFactory = (modelId: ModelId) => Promise<PoseEngine>;

/** Content-addressed files. Writing the same bytes twice leaves one file. */
export interface AssetStore {
  putFile(path: string, mediaType: string): Promise<AssetReference>;
  putBytes(bytes: Uint8Array, mediaType: string): Promise<AssetReference>;
  has(reference: AssetReference): Promise<boolean>;
  /** A readable local path; fetches where the store is remote. Throws AppError ASSET_MISSING. */
  localPath(reference: AssetReference): Promise<string>;
  read(reference: AssetReference): Promise<Uint8Array>;
}

/** Results of stages by the hash of their inputs: what makes a stage run twice leave one result. */
export interface DerivedStore {
  get(key: DerivedKey): Promise<AssetReference | undefined>;
  put(key: DerivedKey, result: AssetReference): Promise<void>;
}
export interface DerivedKey {
  readonly stage: string;
  readonly version: number;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Finished analyses, one folder each, by analysis id. */
export interface AnalysisStore {
  has(analysisId: string): Promise<boolean>;
  folder(analysisId: string): string;
  /** Writes all files, then moves the folder into place in one step. */
  write(analysisId: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  read(analysisId: string, file: string): Promise<Uint8Array>;
}

export interface TeamAssetsOfJob {
  /** What is put is here when it resolves, and on its way: it can be noted before it has arrived. */
  readonly assets: AssetStore;
  /** Resolves when the team has all that was put so far: before that nobody elsewhere may be told of it. */
  sent(): Promise<void>;
  release(): void;
}

/** What a worker has in addition when its files come from a team, and go there. */
export interface TeamPorts {
  /** The assets for one job: its transfers end with the signal, and its clip stays here until released. */
  assetsFor(clip: AssetReference, signal: AbortSignal): TeamAssetsOfJob;
  /** Since the start, both ways. A job that waits for bytes which come has not fallen silent. */
  bytesMoved(): number;
}

export interface Ports {
  readonly media: MediaPort;
  readonly assets: AssetStore;
  readonly derived: DerivedStore;
  readonly analyses: AnalysisStore;
  readonly team?: TeamPorts | undefined;
  readonly poseEngine: PoseEngineFactory;
  /** Who does the work, for the provenance of its results. */
  readonly workerId: string;
  /** For the provenance in analysis.json. */
  readonly versions: { readonly app: string; readonly onnxruntime: string };
  /** A folder for files that live as long as the job. */
  readonly temporaryDirectory: string;
  readonly log: (message: string, details?: Readonly<Record<string, unknown>>) => void;
}

/** Reports frames done of all for one stage of a job. */
export type OnProgress = (stage: StageName, framesDone: number, framesTotal: number) => void;

export type Stage<In, Out> = (input: In, ports: Ports, signal: AbortSignal) => Promise<Out>;
