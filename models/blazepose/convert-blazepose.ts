/** Makes the ONNX weights of BlazePose from the TFLite files in the npm package @mediapipe/pose. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelId, poseModels } from '../registry.ts';
import { convertGraph, type GraphRequest } from './convert-graph.ts';
import { encodeOnnx } from './onnx-model.ts';
import { readTfliteModel } from './tflite-model.ts';

export interface ConvertOptions {
  /** The installed package @mediapipe/pose. */
  readonly packageDirectory: string;
  readonly outputDirectory: string;
}

export interface ConvertedFile {
  readonly file: string;
  readonly status: 'found' | 'converted';
  readonly sha256: string;
}

interface Source {
  readonly weights: { readonly file: string; readonly sha256: string };
  readonly read: (packageDirectory: string) => Promise<Uint8Array>;
  readonly request: GraphRequest;
}

/** The detector is the first file of the packed assets, whole. */
const detectorByteLength = 2_962_288;

const detector: Source = {
  weights: poseModels['blazepose-full'].detector,
  read: async (directory) =>
    (await readFile(join(directory, 'pose_solution_packed_assets.data'))).subarray(0, detectorByteLength),
  request: { name: 'blazepose-detector', input: 'image', outputs: { Identity: 'boxes', Identity_1: 'scores' } },
};

/** Identity_2, the segmentation mask, is left out: half of the model's time, and nothing uses it. */
function landmarks(id: ModelId, variant: string): Source {
  return {
    weights: poseModels[id].landmarks,
    read: async (directory) => await readFile(join(directory, `pose_landmark_${variant}.tflite`)),
    request: {
      name: id,
      input: 'image',
      outputs: { Identity: 'landmarks', Identity_1: 'flag', Identity_3: 'heatmap', Identity_4: 'world' },
    },
  };
}

const sources: readonly Source[] = [
  detector,
  landmarks('blazepose-lite', 'lite'),
  landmarks('blazepose-full', 'full'),
  landmarks('blazepose-heavy', 'heavy'),
];

/**
 * Converts what is not there yet. The same package gives the same bytes, and their hashes stand in models/registry.ts.
 * Throws an Error when a source is missing or a result has another hash.
 */
export async function convertBlazePose(options: ConvertOptions): Promise<ConvertedFile[]> {
  await mkdir(options.outputDirectory, { recursive: true });
  const files: ConvertedFile[] = [];
  for (const source of sources) files.push(await convertOne(source, options));
  return files;
}

async function convertOne({ weights, read, request }: Source, options: ConvertOptions): Promise<ConvertedFile> {
  const target = join(options.outputDirectory, weights.file);
  const present = await readFile(target).catch(() => undefined);
  if (present && sha256Of(present) === weights.sha256)
    return { file: weights.file, status: 'found', sha256: weights.sha256 };

  // Copied, because the reader looks at numbers in place and they must be aligned.
  const source = await read(options.packageDirectory).catch((cause: unknown) => {
    throw new Error(`${weights.file} is made from the npm package @mediapipe/pose, which is not installed whole.`, {
      cause,
    });
  });
  const bytes = Uint8Array.from(source);
  const onnx = encodeOnnx(convertGraph(readTfliteModel(bytes), request));
  const sha256 = sha256Of(onnx);
  if (sha256 !== weights.sha256) {
    throw new Error(
      `${weights.file} came out with sha256 ${sha256}, but models/registry.ts expects ${weights.sha256}.`,
    );
  }
  const temporary = `${target}.${process.pid}.part`;
  await writeFile(temporary, onnx);
  await rename(temporary, target);
  return { file: weights.file, status: 'converted', sha256 };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
