/** Writes an ONNX model: the few messages of onnx.proto (Apache-2.0) that the conversion needs. */
import protobuf from 'protobufjs';

export type OnnxAttribute = number | string | readonly number[];

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whole numbers become INT, text STRING, lists INTS: all that these models need. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

/** A float32 input or output; a dimension given as text is free. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

const schema = protobuf.parse(
  `
syntax = "proto3";
message Model { int64 ir_version = 1; repeated OperatorSet opset_import = 8; string producer_name = 2; Graph graph = 7; }
message OperatorSet { string domain = 1; int64 version = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dimension dim = 1; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`,
  { keepCase: true },
).root;

/** Opset 13: the oldest with everything the conversion uses. */
const opsetVersion = 13;
const irVersion = 7;
const dataTypes = { float32: 1, int64: 7 } as const;
const attributeTypes = { int: 2, string: 3, ints: 7 } as const;

/** Serialised ModelProto; the same graph gives the same bytes. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  const message = {
    ir_version: irVersion,
    opset_import: [{ domain: '', version: opsetVersion }],
    producer_name: 'shadow-trainer',
    graph: {
      name: graph.name,
      node: graph.nodes.map((node, i) => ({
        name: `${node.operator}_${i}`,
        op_type: node.operator,
        input: node.inputs,
        output: node.outputs,
        attribute: Object.entries(node.attributes ?? {}).map(([name, value]) => encodeAttribute(name, value)),
      })),
      initializer: graph.constants.map(({ name, shape, values }) => ({
        name,
        dims: shape,
        data_type: values instanceof Float32Array ? dataTypes.float32 : dataTypes.int64,
        raw_data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      })),
      input: graph.inputs.map(encodeValue),
      output: graph.outputs.map(encodeValue),
    },
  };
  return schema.lookupType('Model').encode(message).finish();
}

function encodeAttribute(name: string, value: OnnxAttribute) {
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeTypes.string };
  return { name, ints: value, type: attributeTypes.ints };
}

function encodeValue({ name, shape }: OnnxValue) {
  const dim = shape.map((length) => (typeof length === 'number' ? { dim_value: length } : { dim_param: length }));
  return { name, type: { tensor_type: { elem_type: dataTypes.float32, shape: { dim } } } };
}
