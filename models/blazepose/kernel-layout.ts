/** From TFLite’s order of axes (channels last) to ONNX’s (channels first). */

/** [rows, columns] to [columns, rows]. */
export function transpose(values: Float32Array, [rows, columns]: readonly [number, number]): Float32Array {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column] ?? 0;
  }
  return turned;
}

/** [O, HW, I] to [O, I, HW]. */
export function channelsFirstKernels(values: Float32Array, outer: number, pixels: number, inner: number): Float32Array {
  const turned = new Float32Array(values.length);
  const block = pixels * inner;
  for (let o = 0; o < outer; o++) {
    turned.set(transpose(values.subarray(o * block, (o + 1) * block), [pixels, inner]), o * block);
  }
  return turned;
}
