import type { Gl } from './graphics.ts';

/** Throws where the browser cannot add up light in floating point. */
export function openContext(): Gl {
  const gl = document.createElement('canvas').getContext('webgl2', { antialias: false, preserveDrawingBuffer: true });
  if (!gl) throw new Error('This browser has no WebGL 2');
  for (const name of ['EXT_color_buffer_float', 'EXT_float_blend']) {
    if (!gl.getExtension(name)) throw new Error(`This browser's WebGL lacks ${name}`);
  }
  return gl;
}
