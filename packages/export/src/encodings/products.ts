import type { Graph, Node } from '@winning-tickets/onnx';
import { isDType } from '@winning-tickets/onnx';
import type { FloatConstant } from './quantized.js';

/**
 * Convolutions over fewer channels are left in float32. Runtimes gather the windows of an image of bytes with its channels
 * last, a row of a window at a time: over one to four channels that takes 1.2 to 3.8 times as long as all of the
 * convolution in float32, from six on the whole is faster (ONNX Runtime 1.30.0, CPU provider, AVX-512 VNNI).
 */
const LEAST_CHANNELS = 6;

/** A product with constant weights. */
export interface Product {
  readonly activation: string;
  readonly weight: FloatConstant;
  readonly bias: FloatConstant | undefined;
  /** Along which axis of the weights the outputs lie. */
  readonly axis: number;
}

/** What a node multiplies in eight bits; undefined for one that stays in float32. */
export function productOf(node: Node, constants: ReadonlyMap<string, FloatConstant>): Product | undefined {
  const [activation = '', weightName = '', biasName = ''] = node.inputs;
  const axis = outputAxis(node);
  const weight = constants.get(weightName);
  if (axis === undefined || !weight || weight.tensor.shape.length < 2) return undefined;
  if (node.op === 'Conv' && (weight.tensor.shape[1] ?? 0) < LEAST_CHANNELS) return undefined;
  return { activation, weight, bias: constants.get(biasName), axis };
}

function outputAxis({ op, attributes }: Node): number | undefined {
  if (op === 'Conv') return 0;
  const { transB } = attributes;
  if (op === 'Gemm') return transB && 'int' in transB && transB.int === 1 ? 0 : 1;
  return op === 'MatMul' ? 1 : undefined;
}

/** The float32 constants of a graph by name. */
export function floatConstants({ initializers }: Graph): ReadonlyMap<string, FloatConstant> {
  return new Map(
    initializers.flatMap(({ name, tensor }) =>
      isDType(tensor, 'float32') ? [[name, { name, tensor }]] : [],
    ),
  );
}
