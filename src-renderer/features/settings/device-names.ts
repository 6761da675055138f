import type { Device } from '../../../worker/protocol/devices.ts';

/** What a coach reads. */
export const deviceNames: Readonly<Record<Device, string>> = {
  cpu: 'Processor',
  cuda: 'CUDA',
  directml: 'DirectML',
  coreml: 'Core ML',
  webgpu: 'WebGPU',
};
