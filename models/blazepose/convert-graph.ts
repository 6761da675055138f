/** One TFLite graph to one ONNX graph: NHWC to NCHW, constants folded, everything off the wanted outputs pruned. */
import { readFloats, readInts } from './constant-tensor.ts';
import { channelsFirstKernels, transpose } from './kernel-layout.ts';
import type { OnnxAttribute, OnnxConstant, OnnxGraph, OnnxNode } from './onnx-model.ts';
import type { TfliteModel, TfliteOperator, TfliteTensor } from './tflite-model.ts';

export interface GraphRequest {
  readonly name: string;
  /** Name of the image input of the ONNX graph: float32 [N, 3, H, W]. */
  readonly input: string;
  /** TFLite output name to ONNX output name; whatever leads to no wanted output is left out. */
  readonly outputs: Readonly<Record<string, string>>;
}

interface Padding {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}
const noPadding: Padding = { top: 0, left: 0, bottom: 0, right: 0 };

/** ActivationFunctionType of the schema. */
const activation = { none: 0, relu6: 3 } as const;
/** Padding of the schema. */
const samePadding = 0;

/** Throws an Error for an operator or option that BlazePose does not use. */
export function convertGraph(model: TfliteModel, request: GraphRequest): OnnxGraph {
  return new GraphConverter(model, request).convert();
}

class GraphConverter {
  readonly #model: TfliteModel;
  readonly #request: GraphRequest;
  readonly #producers = new Map<number, TfliteOperator>();
  readonly #consumers = new Map<number, TfliteOperator[]>();
  readonly #nodes: OnnxNode[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  readonly #names = new Map<number, string>();

  constructor(model: TfliteModel, request: GraphRequest) {
    this.#model = model;
    this.#request = request;
    for (const operator of model.operators) {
      for (const output of operator.outputs) this.#producers.set(output, operator);
      for (const input of operator.inputs)
        this.#consumers.set(input, [...(this.#consumers.get(input) ?? []), operator]);
    }
  }

  convert(): OnnxGraph {
    const { name, input, outputs } = this.#request;
    const image = this.#model.inputs[0] ?? -1;
    this.#names.set(image, input);
    const wanted = Object.entries(outputs).map(([tfliteName, onnxName]) => {
      const index = this.#model.outputs.find((at) => this.#tensor(at).name === tfliteName);
      if (index === undefined) throw new Error(`The TFLite file has no output ${tfliteName}.`);
      this.#names.set(index, onnxName);
      return { index, name: onnxName };
    });
    for (const operator of this.#needed(wanted.map(({ index }) => index))) this.#emit(operator);
    return {
      name,
      inputs: [{ name: input, shape: ['N', ...this.#channelsFirst(this.#tensor(image).shape).slice(1)] }],
      outputs: wanted.map(({ index, name: output }) => {
        const { shape } = this.#tensor(index);
        return { name: output, shape: ['N', ...(shape.length === 4 ? this.#channelsFirst(shape) : shape).slice(1)] };
      }),
      nodes: this.#nodes,
      constants: [...this.#constants.values()],
    };
  }

  /** Operators that lead to the wanted outputs, in the file's own (topological) order. */
  #needed(outputs: readonly number[]): TfliteOperator[] {
    const needed = new Set<TfliteOperator>();
    const visit = (tensor: number): void => {
      const operator = this.#producers.get(tensor);
      if (operator === undefined || needed.has(operator) || this.#isConstant(tensor)) return;
      needed.add(operator);
      for (const input of operator.inputs) visit(input);
    };
    for (const output of outputs) visit(output);
    return this.#model.operators.filter((operator) => needed.has(operator));
  }

  #tensor(index: number | undefined): TfliteTensor {
    const tensor = this.#model.tensors[index ?? -1];
    if (tensor === undefined) throw new Error(`The TFLite file has no tensor ${index}.`);
    return tensor;
  }

  /** A stored tensor, or one that only unpacks stored tensors (DEQUANTIZE, DENSIFY). */
  #isConstant(index: number): boolean {
    if (this.#tensor(index).data.length > 0) return true;
    const producer = this.#producers.get(index);
    if (producer === undefined || (producer.name !== 'DEQUANTIZE' && producer.name !== 'DENSIFY')) return false;
    return producer.inputs.every((input) => this.#isConstant(input));
  }

  #floats(index: number): Float32Array {
    const producer = this.#producers.get(index);
    return producer ? this.#floats(producer.inputs[0] ?? -1) : readFloats(this.#tensor(index));
  }

  #name(index: number | undefined): string {
    return this.#names.get(index ?? -1) ?? `t${index}`;
  }

  #channelsFirst([n = 1, h = 1, w = 1, c = 1]: readonly number[]): number[] {
    return [n, c, h, w];
  }

  #node(operator: string, inputs: string[], output: string, attributes: Record<string, OnnxAttribute> = {}): string {
    this.#nodes.push({ operator, inputs, outputs: [output], attributes });
    return output;
  }

  #constant(name: string, shape: readonly number[], values: Float32Array | readonly number[]): string {
    const stored = values instanceof Float32Array ? values : BigInt64Array.from(values, BigInt);
    this.#constants.set(name, { name, shape, values: stored });
    return name;
  }

  #emit(operator: TfliteOperator): void {
    const output = this.#name(operator.outputs[0]);
    switch (operator.name) {
      case 'CONV_2D':
      case 'DEPTHWISE_CONV_2D':
        this.#convolution(operator, output);
        return;
      case 'PAD':
        this.#pad(operator, output);
        return;
      case 'ADD':
        this.#activated(operator.options?.int8(0) ?? 0, output, (to) =>
          this.#node(
            'Add',
            operator.inputs.map((input) => this.#operand(input)),
            to,
          ),
        );
        return;
      case 'MAX_POOL_2D':
        this.#maxPool(operator, output);
        return;
      case 'RESIZE_BILINEAR':
        this.#resize(operator, output);
        return;
      case 'DEPTH_TO_SPACE':
        this.#node('DepthToSpace', [this.#name(operator.inputs[0])], output, {
          blocksize: operator.options?.int32(0) ?? 2,
          mode: 'DCR',
        });
        return;
      case 'LOGISTIC':
        this.#node('Sigmoid', [this.#name(operator.inputs[0])], output);
        return;
      case 'RESHAPE':
        this.#reshape(operator, output);
        return;
      case 'CONCATENATION':
        this.#node(
          'Concat',
          operator.inputs.map((input) => this.#name(input)),
          output,
          {
            axis: this.#concatAxis(operator),
          },
        );
        return;
      case 'DEQUANTIZE':
      case 'DENSIFY':
        throw new Error(`${operator.name} of a tensor that is not constant.`);
    }
  }

  /** Only three-dimensional concatenations occur, after the reshapes: their axes are TFLite's own. */
  #concatAxis(operator: TfliteOperator): number {
    if (this.#tensor(operator.outputs[0]).shape.length === 4) throw new Error('CONCATENATION of images.');
    return operator.options?.int32(0) ?? 0;
  }

  #operand(index: number): string {
    if (!this.#isConstant(index)) return this.#name(index);
    const { shape } = this.#tensor(index);
    if (shape.length > 1) throw new Error('ADD of a constant image.');
    return this.#constant(`c${index}`, [shape[0] ?? 1, 1, 1], this.#floats(index));
  }

  #activated(kind: number, output: string, emit: (to: string) => string): void {
    if (kind === activation.none) {
      emit(output);
      return;
    }
    if (kind !== activation.relu6) throw new Error(`Activation ${kind} is not used by BlazePose.`);
    const zero = this.#constant('zero', [], new Float32Array([0]));
    const six = this.#constant('six', [], new Float32Array([6]));
    this.#node('Clip', [emit(`${output}_linear`), zero, six], output);
  }

  // Conv2DOptions: 0 padding, 1 stride_w, 2 stride_h, 3 activation. Depthwise: 3 depth_multiplier, 4 activation.
  #convolution(operator: TfliteOperator, output: string): void {
    const depthwise = operator.name === 'DEPTHWISE_CONV_2D';
    const [input = -1, weights = -1, bias = -1] = operator.inputs;
    const [outer = 1, height = 1, width = 1, inner = 1] = this.#tensor(weights).shape;
    const { values, shape } = depthwise
      ? { values: transpose(this.#floats(weights), [height * width, inner]), shape: [inner, 1, height, width] }
      : {
          values: channelsFirstKernels(this.#floats(weights), outer, height * width, inner),
          shape: [outer, inner, height, width],
        };
    const strides = [operator.options?.int32(2) ?? 1, operator.options?.int32(1) ?? 1] as const;
    const folded = this.#foldablePad(input);
    const source = folded ? (folded.inputs[0] ?? -1) : input;
    const padding = folded ? this.#paddingOf(folded) : this.#samePadding(operator, input, [height, width], strides);
    this.#activated(operator.options?.int8(depthwise ? 4 : 3) ?? 0, output, (to) =>
      this.#node(
        'Conv',
        [
          this.#name(source),
          this.#constant(`c${weights}`, shape, values),
          this.#constant(`c${bias}`, this.#tensor(bias).shape, this.#floats(bias)),
        ],
        to,
        {
          kernel_shape: [height, width],
          strides,
          pads: [padding.top, padding.left, padding.bottom, padding.right],
          group: depthwise ? inner : 1,
        },
      ),
    );
  }

  #samePadding(
    operator: TfliteOperator,
    input: number,
    kernel: readonly [number, number],
    strides: readonly [number, number],
  ): Padding {
    if (operator.options?.int8(0) !== samePadding) return noPadding;
    const [, height = 1, width = 1] = this.#tensor(input).shape;
    const total = (length: number, size: number, stride: number): number =>
      Math.max(0, (Math.ceil(length / stride) - 1) * stride + size - length);
    const vertical = total(height, kernel[0], strides[0]);
    const horizontal = total(width, kernel[1], strides[1]);
    const [top, left] = [Math.floor(vertical / 2), Math.floor(horizontal / 2)];
    return { top, left, bottom: vertical - top, right: horizontal - left };
  }

  /** A purely spatial PAD before a VALID convolution becomes the convolution's own padding. */
  #foldablePad(tensor: number): TfliteOperator | undefined {
    const producer = this.#producers.get(tensor);
    if (producer?.name !== 'PAD' || !this.#isSpatial(producer)) return undefined;
    return this.#consumers.get(tensor)?.every(isValidConvolution) ? producer : undefined;
  }

  #isSpatial(pad: TfliteOperator): boolean {
    const [n0, n1, , , , , c0, c1] = readInts(this.#tensor(pad.inputs[1]));
    return n0 === 0 && n1 === 0 && c0 === 0 && c1 === 0;
  }

  #paddingOf(pad: TfliteOperator): Padding {
    const [, , top = 0, bottom = 0, left = 0, right = 0] = readInts(this.#tensor(pad.inputs[1]));
    return { top, bottom, left, right };
  }

  #pad(operator: TfliteOperator, output: string): void {
    const [tensor = -1] = operator.outputs;
    if (this.#foldablePad(tensor)) return;
    const { top, left, bottom, right } = this.#paddingOf(operator);
    const [n0 = 0, n1 = 0, , , , , c0 = 0, c1 = 0] = readInts(this.#tensor(operator.inputs[1]));
    const pads = this.#constant(`${output}_pads`, [8], [n0, c0, top, left, n1, c1, bottom, right]);
    this.#node('Pad', [this.#name(operator.inputs[0]), pads], output);
  }

  // Pool2DOptions: 0 padding, 1 stride_w, 2 stride_h, 3 filter_width, 4 filter_height.
  #maxPool(operator: TfliteOperator, output: string): void {
    const { options } = operator;
    const kernel = [options?.int32(4) ?? 1, options?.int32(3) ?? 1] as const;
    const strides = [options?.int32(2) ?? 1, options?.int32(1) ?? 1] as const;
    const padding = this.#samePadding(operator, operator.inputs[0] ?? -1, kernel, strides);
    this.#node('MaxPool', [this.#name(operator.inputs[0])], output, {
      kernel_shape: kernel,
      strides,
      pads: [padding.top, padding.left, padding.bottom, padding.right],
    });
  }

  // ResizeBilinearOptions: 2 align_corners, 3 half_pixel_centers.
  #resize(operator: TfliteOperator, output: string): void {
    if (operator.options?.int8(2) !== 0 || operator.options.int8(3) !== 1)
      throw new Error('RESIZE_BILINEAR off half pixels.');
    const from = this.#tensor(operator.inputs[0]).shape;
    const to = this.#tensor(operator.outputs[0]).shape;
    const factors = new Float32Array([1, 1, (to[1] ?? 1) / (from[1] ?? 1), (to[2] ?? 1) / (from[2] ?? 1)]);
    const scales = this.#constant(`${output}_scales`, [4], factors);
    this.#node('Resize', [this.#name(operator.inputs[0]), '', scales], output, {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel',
    });
  }

  /** Rows of a flattened image are in TFLite's axis order, so the image is turned back first unless it is one pixel. */
  #reshape(operator: TfliteOperator, output: string): void {
    const [source = -1] = operator.inputs;
    const from = this.#tensor(source).shape;
    const to = this.#tensor(operator.outputs[0]).shape;
    let input = this.#name(source);
    const isPixel = from[1] === 1 && from[2] === 1;
    if (from.length === 4 && !isPixel)
      input = this.#node('Transpose', [input], `${output}_nhwc`, { perm: [0, 2, 3, 1] });
    this.#node('Reshape', [input, this.#constant(`${output}_shape`, [to.length], [-1, ...to.slice(1)])], output);
  }
}

function isValidConvolution(operator: TfliteOperator): boolean {
  const isConvolution = operator.name === 'CONV_2D' || operator.name === 'DEPTHWISE_CONV_2D';
  return isConvolution && operator.options?.int8(0) !== samePadding;
}
