import { describe, expect, it } from 'vitest';
import { unavailableReason } from '../../../worker/inference/unavailable-reason.ts';

/** Errors as onnxruntime-node 1.30 throws them. */
describe('unavailableReason', () => {
  it.each([
    ['no available backend found. ERR: [dml] backend not found.', 'this system does not have it'],
    ['OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library', 'its libraries are not installed'],
    [
      '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::' +
        'Initialize adapter_result.status == wgpu::RequestAdapterStatus::Success was false. ' +
        'Failed to get a WebGPU adapter: No supported adapters',
      'no suitable graphics card or driver was found',
    ],
    ['CUDA failure 100: no CUDA-capable device is detected', 'no suitable graphics card or driver was found'],
  ])('%s', (message, reason) => {
    expect(unavailableReason(new Error(message))).toBe(reason);
  });

  it('keeps the first line of what it does not know', () => {
    expect(unavailableReason(new Error('Odd thing.\n  at somewhere'))).toBe('Odd thing');
    expect(unavailableReason('Odd thing')).toBe('Odd thing');
    expect(unavailableReason(new Error(''))).toBe('it gave no reason');
  });
});
