/**
 * The only place that knows a model. A second pose model is one entry here plus one
 * pre/post-processing file in worker/inference.
 */
import { blazePose33, type Skeleton } from './skeletons.ts';

export const modelIds = ['blazepose-lite', 'blazepose-full', 'blazepose-heavy'] as const;
export type ModelId = (typeof modelIds)[number];

export interface WeightFile {
  /** File name below models/weights (or the packaged equivalent). */
  readonly file: string;
  /** sha256 of the .onnx, lower-case hex: a file with another hash is refused. */
  readonly sha256: string;
}

export interface PoseModel {
  readonly id: ModelId;
  /** What a coach reads. */
  readonly label: string;
  readonly task: 'pose';
  /** Names the pre/post-processing file in worker/inference that understands the tensors. */
  readonly family: 'blazepose';
  readonly skeleton: Skeleton;
  readonly detector: WeightFile;
  readonly landmarks: WeightFile;
  readonly licence: string;
  /** Where the weights come from. */
  readonly origin: string;
}

const blazePose = {
  task: 'pose',
  family: 'blazepose',
  skeleton: blazePose33,
  licence: 'Apache-2.0',
  origin: 'npm:@mediapipe/pose@0.5.1675469404, converted by models/blazepose',
  detector: { file: 'blazepose-detector.onnx', sha256: '' },
} as const;

export const poseModels: Readonly<Record<ModelId, PoseModel>> = {
  'blazepose-lite': {
    ...blazePose,
    id: 'blazepose-lite',
    label: 'Fast',
    landmarks: { file: 'blazepose-lite.onnx', sha256: '' },
  },
  'blazepose-full': {
    ...blazePose,
    id: 'blazepose-full',
    label: 'Standard',
    landmarks: { file: 'blazepose-full.onnx', sha256: '' },
  },
  'blazepose-heavy': {
    ...blazePose,
    id: 'blazepose-heavy',
    label: 'Best',
    landmarks: { file: 'blazepose-heavy.onnx', sha256: '' },
  },
};

export const defaultModelId: ModelId = 'blazepose-full';
