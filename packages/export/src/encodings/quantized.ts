import type { Initializer, Node, Tensor } from '@winning-tickets/onnx';
import { tensor, zeros } from '@winning-tickets/onnx';
import type { Range } from './encoding.js';

/** A constant of a graph in float32. */
export interface FloatConstant extends Initializer {
  readonly tensor: Tensor<'float32'>;
}

/** Nodes and constants that a graph gets, and the value that they give it. */
export interface Piece {
  readonly nodes: readonly Node[];
  readonly constants: readonly Initializer[];
  readonly output: string;
}

/** Of weights in products seven bits: AVX2 adds two products in 16 bits, where those of eight bits overflow. */
const WEIGHT_LIMIT = 63;

const TABLE_LIMIT = 127;

/** The largest whole number that a quantised bias comes to; far below the end of int32. */
const BIAS_LIMIT = 2 ** 30;

/** A value as one that was rounded to uint8, with a scale and a zero point from its range. */
export function quantizedActivation(name: string, range: Range): Piece & { readonly scale: number } {
  // Zero has a number of its own, so that what is not there stays so.
  const [low, high] = [Math.min(0, range[0]), Math.max(0, range[1])];
  const scale = Math.fround(high > low ? (high - low) / 255 : 1);
  const zero = Math.max(0, Math.min(255, Math.round(-low / scale)));
  const constants = [
    { name: `${name}.scale`, tensor: tensor('float32', [], Float32Array.of(scale)) },
    { name: `${name}.zero`, tensor: tensor('uint8', [], Uint8Array.of(zero)) },
  ];
  const parameters = constants.map((constant) => constant.name);
  const [integers, output] = [`${name}.uint8`, roundedName(name)];
  const nodes = [
    node('QuantizeLinear', [name, ...parameters], integers),
    node('DequantizeLinear', [integers, ...parameters], output),
  ];
  return { nodes, constants, output, scale };
}

/**
 * Weights in int8 and, where there is one, a bias in int32, both with a scale per output.
 *
 * @param axis of the weights, along which the outputs lie.
 * @param inputScale of what the weights are multiplied by: a bias has the scale of the products.
 */
export function quantizedParameters(
  weight: FloatConstant,
  axis: number,
  bias: FloatConstant | undefined,
  inputScale: number,
): Piece[] {
  const scales = scalesAlong(weight.tensor, axis, WEIGHT_LIMIT, (largest, output) => {
    const least = Math.abs(bias?.tensor.data[output] ?? 0) / (inputScale * BIAS_LIMIT);
    return Math.max(largest, least);
  });
  const weights = dequantized(weight.name, rounded(weight.tensor, axis, scales), scales, axis);
  if (!bias) return [weights];
  const productScales = scales.map((scale) => scale * inputScale);
  const data = Int32Array.from(bias.tensor.data, (value, at) =>
    Math.round(value / (productScales[at] ?? NaN)),
  );
  return [weights, dequantized(bias.name, tensor('int32', bias.tensor.shape, data), productScales, 0)];
}

/** A `Gather` of rows of a matrix that is kept in int8, with a scale per column. */
export function quantizedRows(gather: Node, { name, tensor: table }: FloatConstant): Piece {
  const scales = scalesAlong(table, 1, TABLE_LIMIT, (largest) => largest);
  const [, indices = ''] = gather.inputs;
  const [output = ''] = gather.outputs;
  const constants = [
    { name: `${name}.int8`, tensor: rounded(table, 1, scales) },
    { name: `${name}.scale`, tensor: tensor('float32', [scales.length], scales) },
  ];
  const picked = `${output}.int8`;
  const nodes = [
    { ...gather, inputs: [`${name}.int8`, indices], outputs: [picked] },
    node('DequantizeLinear', [picked, `${name}.scale`], output, -1),
  ];
  return { nodes, constants, output };
}

function dequantized(name: string, integers: Tensor, scales: Float32Array, axis: number): Piece {
  const whole = `${name}.${integers.dtype}`;
  // Zero points of 0 are the default, but the runtime fuses only where they are written out.
  const constants = [
    { name: whole, tensor: integers },
    { name: `${name}.scale`, tensor: tensor('float32', [scales.length], scales) },
    { name: `${name}.zero`, tensor: zeros(integers.dtype, [scales.length]) },
  ];
  const output = roundedName(name);
  return {
    nodes: [node('DequantizeLinear', [whole, `${name}.scale`, `${name}.zero`], output, axis)],
    constants,
    output,
  };
}

/** The scale of each output: its largest weight comes to the limit. Of nothing but zeros any will do. */
function scalesAlong(
  weight: Tensor<'float32'>,
  axis: number,
  limit: number,
  scaleOf: (largest: number, output: number) => number,
): Float32Array {
  const outputs = weight.shape[axis] ?? 0;
  const largest = new Float32Array(outputs);
  const outputOf = outputIndex(weight, axis);
  weight.data.forEach((value, index) => {
    const output = outputOf(index);
    largest[output] = Math.max(largest[output] ?? 0, Math.abs(value));
  });
  return largest.map((value, output) => scaleOf(value / limit, output) || 1);
}

function rounded(weight: Tensor<'float32'>, axis: number, scales: Float32Array): Tensor<'int8'> {
  const outputOf = outputIndex(weight, axis);
  const data = Int8Array.from(weight.data, (value, index) =>
    Math.round(value / (scales[outputOf(index)] ?? NaN)),
  );
  return tensor('int8', weight.shape, data);
}

function outputIndex({ shape }: Tensor, axis: number): (index: number) => number {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outputs = shape[axis] ?? 1;
  return (index) => Math.floor(index / inner) % outputs;
}

/** What a value is called after it was rounded. */
export function roundedName(name: string): string {
  return `${name}.rounded`;
}

function node(op: string, inputs: readonly string[], output: string, axis?: number): Node {
  const attributes = axis === undefined ? {} : { axis: { int: axis } };
  return { name: `${output}.node`, op, domain: '', inputs, outputs: [output], attributes };
}
