import { env } from 'onnxruntime-node';

/** Version of the model's runtime: part of where an analysis comes from. */
export const runtimeVersion: string = env.versions.node ?? env.versions.common;
