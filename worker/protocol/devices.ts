import { z } from 'zod';

/** Execution devices of onnxruntime that the product can use. */
export const devices = ['cpu', 'cuda', 'directml', 'coreml', 'webgpu'] as const;
export type Device = (typeof devices)[number];

export const deviceReportSchema = z.object({
  requested: z.enum(devices),
  /** What it runs on after any fallback. */
  active: z.enum(devices),
  /** Why a requested device was not used; shown to the user. */
  fallbackReason: z.string().optional(),
  /** Measured at start: full pose inferences a second with the default model. */
  inferencesPerSecond: z.number().nonnegative().optional(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;
