/** What a family of pose models must bring: everything between pixels and tensors, and nothing about sessions. */
import type { Box, PersonDetection, Picture, PoseEstimate, PoseRegion } from '../pipeline/ports.ts';

/** float32 tensors by name. */
export type Tensors = Readonly<Record<string, Float32Array>>;

export interface Network {
  /** Runs the network on one input tensor. Throws when the output has none of the expected names. */
  run(input: Float32Array, shape: readonly number[]): Promise<Tensors>;
}

export interface PoseFamily {
  detect(image: Picture, area: Box | undefined): Promise<PersonDetection[]>;
  estimate(image: Picture, region: PoseRegion, mirrored?: boolean): Promise<PoseEstimate>;
}

/** Made once per engine, with its two networks loaded. */
export type PoseFamilyFactory = (networks: { detector: Network; landmarks: Network }) => PoseFamily;
