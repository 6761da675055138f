/**
 * Reads the parts of a TFLite flatbuffer that the BlazePose models use.
 * Field numbers are those of tensorflow/lite/schema/schema.fbs (Apache-2.0), named in the comments.
 */
import { ByteBuffer } from 'flatbuffers';

export type TfliteOperatorName =
  | 'ADD'
  | 'CONCATENATION'
  | 'CONV_2D'
  | 'DEPTHWISE_CONV_2D'
  | 'DEPTH_TO_SPACE'
  | 'DEQUANTIZE'
  | 'LOGISTIC'
  | 'MAX_POOL_2D'
  | 'RESHAPE'
  | 'RESIZE_BILINEAR'
  | 'PAD'
  | 'DENSIFY';

/** BuiltinOperator of the schema. */
const operatorNames: Readonly<Record<number, TfliteOperatorName>> = {
  0: 'ADD',
  2: 'CONCATENATION',
  3: 'CONV_2D',
  4: 'DEPTHWISE_CONV_2D',
  5: 'DEPTH_TO_SPACE',
  6: 'DEQUANTIZE',
  14: 'LOGISTIC',
  17: 'MAX_POOL_2D',
  22: 'RESHAPE',
  23: 'RESIZE_BILINEAR',
  34: 'PAD',
  124: 'DENSIFY',
};

/** TensorType of the schema. */
export const tensorTypes = { float32: 0, float16: 1, int32: 2 } as const;

export interface TfliteTensor {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  /** Constant bytes; empty for a tensor that is computed. */
  readonly data: Uint8Array;
  readonly sparsity: Sparsity | undefined;
}

/** SparsityParameters: how the non-zero values of a constant are laid out. */
export interface Sparsity {
  readonly traversalOrder: readonly number[];
  readonly blockMap: readonly number[];
  readonly dimensions: readonly SparseDimension[];
}
export interface SparseDimension {
  readonly sparse: boolean;
  readonly denseSize: number;
  /** CSR row pointers. */
  readonly segments: readonly number[];
  readonly indices: readonly number[];
}

export interface TfliteOperator {
  readonly name: TfliteOperatorName;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly options: FlatTable | undefined;
}

export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** One flatbuffer table, read by field number. Absent fields give the schema's default, zero. */
export class FlatTable {
  readonly #buffer: ByteBuffer;
  readonly #position: number;

  constructor(buffer: ByteBuffer, position: number) {
    this.#buffer = buffer;
    this.#position = position;
  }

  static root(bytes: Uint8Array): FlatTable {
    const buffer = new ByteBuffer(bytes);
    return new FlatTable(buffer, buffer.readInt32(0));
  }

  #offset(field: number): number {
    const offset = this.#buffer.__offset(this.#position, 4 + field * 2);
    return offset === 0 ? 0 : this.#position + offset;
  }

  int8(field: number): number {
    const at = this.#offset(field);
    return at === 0 ? 0 : this.#buffer.readInt8(at);
  }

  int32(field: number): number {
    const at = this.#offset(field);
    return at === 0 ? 0 : this.#buffer.readInt32(at);
  }

  text(field: number): string {
    const at = this.#offset(field);
    return at === 0 ? '' : String(this.#buffer.__string(at));
  }

  table(field: number): FlatTable | undefined {
    const at = this.#offset(field);
    return at === 0 ? undefined : new FlatTable(this.#buffer, this.#buffer.__indirect(at));
  }

  tables(field: number): FlatTable[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => new FlatTable(this.#buffer, this.#buffer.__indirect(start + i * 4)));
  }

  int32s(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => this.#buffer.readInt32(start + i * 4));
  }

  uint16s(field: number): number[] {
    const { start, length } = this.#vector(field);
    return Array.from({ length }, (_, i) => this.#buffer.readUint16(start + i * 2));
  }

  bytes(field: number): Uint8Array {
    const { start, length } = this.#vector(field);
    return this.#buffer.bytes().subarray(start, start + length);
  }

  #vector(field: number): { start: number; length: number } {
    const at = this.#offset(field);
    if (at === 0) return { start: 0, length: 0 };
    return { start: this.#buffer.__vector(at), length: this.#buffer.__vector_len(at) };
  }
}

/** Throws an Error that names an operator outside the set that BlazePose uses. */
export function readTfliteModel(bytes: Uint8Array): TfliteModel {
  const model = FlatTable.root(bytes);
  // Model: 1 operator_codes, 2 subgraphs, 4 buffers. OperatorCode: 0 deprecated_builtin_code, 3 builtin_code.
  const codes = model.tables(1).map((code) => Math.max(code.int8(0), code.int32(3)));
  const buffers = model.tables(4);
  const graph = model.tables(2)[0];
  if (graph === undefined) throw new Error('The TFLite file has no graph.');
  // SubGraph: 0 tensors, 1 inputs, 2 outputs, 3 operators. Tensor: 0 shape, 1 type, 2 buffer, 3 name, 6 sparsity.
  const tensors = graph.tables(0).map((tensor, index) => ({
    index,
    name: tensor.text(3),
    shape: tensor.int32s(0),
    type: tensor.int8(1),
    data: buffers[tensor.int32(2)]?.bytes(0) ?? new Uint8Array(),
    sparsity: readSparsity(tensor.table(6)),
  }));
  // Operator: 0 opcode_index, 1 inputs, 2 outputs, 4 builtin_options.
  const operators = graph.tables(3).map((operator) => {
    const code = codes[operator.int32(0)] ?? -1;
    const name = operatorNames[code];
    if (name === undefined) throw new Error(`The TFLite file uses operator ${code}, which BlazePose does not.`);
    return { name, inputs: operator.int32s(1), outputs: operator.int32s(2), options: operator.table(4) };
  });
  return { tensors, operators, inputs: graph.int32s(1), outputs: graph.int32s(2) };
}

// SparsityParameters: 0 traversal_order, 1 block_map, 2 dim_metadata.
function readSparsity(table: FlatTable | undefined): Sparsity | undefined {
  if (table === undefined || table.tables(2).length === 0) return undefined;
  return { traversalOrder: table.int32s(0), blockMap: table.int32s(1), dimensions: table.tables(2).map(readDimension) };
}

// DimensionMetadata: 0 format, 1 dense_size, 2/3 array_segments (union), 4/5 array_indices (union).
function readDimension(table: FlatTable): SparseDimension {
  return {
    sparse: table.int8(0) === 1,
    denseSize: table.int32(1),
    segments: readIndexVector(table.int8(2), table.table(3)),
    indices: readIndexVector(table.int8(4), table.table(5)),
  };
}

// SparseIndexVector: 1 Int32Vector, 2 Uint16Vector, 3 Uint8Vector; each has its values in field 0.
function readIndexVector(kind: number, table: FlatTable | undefined): number[] {
  if (table === undefined) return [];
  if (kind === 1) return table.int32s(0);
  if (kind === 2) return table.uint16s(0);
  return [...table.bytes(0)];
}
