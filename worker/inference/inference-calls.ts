/** What is said between a worker and its inference thread. */
import type { Box, PersonDetection, Picture, PoseEstimate, PoseRegion } from '../pipeline/ports.ts';
import type { DeviceReport } from '../protocol/devices.ts';
import type { Failure } from '../protocol/errors.ts';

export interface InferenceCalls {
  readonly detect: { readonly input: { image: Picture; area?: Box | undefined }; readonly output: PersonDetection[] };
  readonly estimate: {
    readonly input: { image: Picture; region: PoseRegion; mirrored?: boolean | undefined };
    readonly output: PoseEstimate;
  };
  readonly close: { readonly input: Record<string, never>; readonly output: undefined };
}

export type InferenceRequest = {
  [N in keyof InferenceCalls]: { readonly id: number; readonly name: N } & {
    readonly input: InferenceCalls[N]['input'];
  };
}[keyof InferenceCalls];

export type InferenceReply =
  /** The thread's first message: the model is loaded, or why not. */
  | { readonly id: 0; readonly device: DeviceReport }
  | { readonly id: number; readonly result: unknown; readonly inferenceSeconds: number }
  | { readonly id: number; readonly failure: Failure; readonly detail: string };
