import type { Drawable, DrawableData, Gl } from './graphics.ts';

/**
 * A part whose vertices are carried by the bones here and not on the graphics card: drawn three times an instant, and
 * in software at that, one pass in script is several times faster than three in a shader.
 */
export interface CarriedPart extends Drawable {
  /** Moves the part: [bones × 3 × 4] matrix rows. */
  carry(boneRows: readonly number[]): void;
  close(): void;
}

export function createCarriedPart(gl: Gl, data: DrawableData): CarriedPart {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const count = data.positions.length / 3;
  const moved = new Float32Array(count * 6);
  const movedBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, movedBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, moved.byteLength, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 24, 0);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, 3, gl.FLOAT, false, 24, 12);
  const restBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, restBuffer);
  gl.bufferData(gl.ARRAY_BUFFER, data.positions, gl.STATIC_DRAW);
  gl.enableVertexAttribArray(2);
  gl.vertexAttribPointer(2, 3, gl.FLOAT, false, 0, 0);
  const triangleBuffer = gl.createBuffer();
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, triangleBuffer);
  gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, data.triangles, gl.STATIC_DRAW);
  gl.bindVertexArray(null);
  return {
    array,
    indexCount: data.triangles.length,
    carry(boneRows) {
      carryVertices(data, Float32Array.from(boneRows), moved);
      gl.bindBuffer(gl.ARRAY_BUFFER, movedBuffer);
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, moved);
    },
    close() {
      gl.deleteVertexArray(array);
      for (const buffer of [movedBuffer, restBuffer, triangleBuffer]) gl.deleteBuffer(buffer);
    },
  };
}

/** Linear blend skinning into `moved`: [V × 6], position then normal. */
export function carryVertices(data: DrawableData, boneRows: Float32Array, moved: Float32Array): void {
  const { positions, normals, bones, weights } = data;
  const count = positions.length / 3;
  for (let vertex = 0; vertex < count; vertex++) {
    const x = positions[vertex * 3] ?? 0;
    const y = positions[vertex * 3 + 1] ?? 0;
    const z = positions[vertex * 3 + 2] ?? 0;
    const nx = normals[vertex * 3] ?? 0;
    const ny = normals[vertex * 3 + 1] ?? 0;
    const nz = normals[vertex * 3 + 2] ?? 0;
    for (let row = 0; row < 3; row++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let slot = vertex * 4; slot < vertex * 4 + 4; slot++) {
        const weight = weights[slot] ?? 0;
        if (weight === 0) continue;
        const at = (bones[slot] ?? 0) * 12 + row * 4;
        a += weight * (boneRows[at] ?? 0);
        b += weight * (boneRows[at + 1] ?? 0);
        c += weight * (boneRows[at + 2] ?? 0);
        d += weight * (boneRows[at + 3] ?? 0);
      }
      moved[vertex * 6 + row] = a * x + b * y + c * z + d;
      moved[vertex * 6 + 3 + row] = a * nx + b * ny + c * nz;
    }
  }
}
