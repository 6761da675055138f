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
  detector: {
    file: 'blazepose-detector.onnx',
    sha256: '6efed39b4c00c41f2cc15c648a1e5e1d771532c94964e654413defd7a85b0914',
  },
} as const;

export const poseModels: Readonly<Record<ModelId, PoseModel>> = {
  'blazepose-lite': {
    ...blazePose,
    id: 'blazepose-lite',
    label: 'Lite',
    landmarks: {
      file: 'blazepose-lite.onnx',
      sha256: 'd7b783c4f4ca90c9940ab3f9d21dc8e78512c13823bbf585a145d1dc1744c793',
    },
  },
  'blazepose-full': {
    ...blazePose,
    id: 'blazepose-full',
    label: 'Full',
    landmarks: {
      file: 'blazepose-full.onnx',
      sha256: 'be60a18617662416f2ae2dc3a08c00f11b1c21d549c075138b78c9db56a8495d',
    },
  },
  'blazepose-heavy': {
    ...blazePose,
    id: 'blazepose-heavy',
    label: 'Heavy',
    landmarks: {
      file: 'blazepose-heavy.onnx',
      sha256: '0c59c20598400faae8137c4803a5dcbe23960b56fab22ef4cd7ee0718d368175',
    },
  },
};

export const defaultModelId: ModelId = 'blazepose-full';
