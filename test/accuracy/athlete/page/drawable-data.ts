import type { PartData } from '../scene/scene.ts';
import { fromBase64 } from './base64.ts';
import type { DrawableData } from './graphics.ts';

/** A part as it comes over the wire, unpacked. */
export function drawableData(part: PartData): DrawableData {
  return {
    positions: new Float32Array(fromBase64(part.positions)),
    normals: new Float32Array(fromBase64(part.normals)),
    triangles: new Uint32Array(fromBase64(part.triangles)),
    bones: new Uint8Array(fromBase64(part.bones)),
    weights: new Float32Array(fromBase64(part.weights)),
  };
}
