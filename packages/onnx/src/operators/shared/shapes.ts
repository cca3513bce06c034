import type { Attributes, Dimension, Value } from '../../graph.js';
import { shapeText } from '../../graph.js';
import { numbersOf } from '../../tensor.js';
import type { DType } from '../../tensor.js';
import type { InferContext } from '../operator.js';

/** Rules about shapes and attributes that several operators share. */

/** The shape two values broadcast to (ONNX multidirectional broadcasting). @throws Error when they do not. */
export function broadcast(op: string, a: readonly Dimension[], b: readonly Dimension[]): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new Error(`${op}: shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast`);
  });
}

/** An input that must be there. @throws Error when it is left out. */
export function required({ op, inputs }: Pick<InferContext, 'op' | 'inputs'>, index: number): Value {
  const input = inputs[index];
  if (!input) throw new Error(`${op}: input ${index} is missing`);
  return input;
}

/** @throws Error when the value has none of the dtypes. */
export function expectDType(op: string, value: Value, ...dtypes: readonly DType[]): void {
  if (!dtypes.includes(value.dtype)) {
    throw new Error(`${op}: '${value.name}' has dtype ${value.dtype}, expected ${dtypes.join(' or ')}`);
  }
}

/** @throws Error when two values differ in dtype. */
export function expectSameDType(op: string, a: Value, b: Value): void {
  if (a.dtype !== b.dtype) {
    throw new Error(`${op}: '${a.name}' is ${a.dtype} but '${b.name}' is ${b.dtype}`);
  }
}

/** @throws Error when the value has another rank. */
export function expectRank(op: string, value: Value, rank: number): void {
  if (value.shape.length !== rank) {
    throw new Error(`${op}: '${value.name}' has shape ${shapeText(value.shape)}, expected rank ${rank}`);
  }
}

/** An axis counted from the front. @throws Error when it lies outside the rank. */
export function normalAxis(op: string, axis: number, rank: number): number {
  const normal = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(normal) || normal < 0 || normal >= rank) {
    throw new Error(`${op}: axis ${axis} is outside rank ${rank}`);
  }
  return normal;
}

/** @throws Error when indices into `data` along an axis differ from it in rank, or in size beside that axis. */
export function expectSizesBeside(op: string, indices: Value, data: Value, axis: number): void {
  expectRank(op, indices, data.shape.length);
  if (indices.shape.some((size, index) => index !== axis && size !== data.shape[index])) {
    throw new Error(
      `${op}: indices of shape ${shapeText(indices.shape)} do not fit ` +
        `'${data.name}' ${shapeText(data.shape)} beside axis ${axis}`,
    );
  }
}

/** How many elements axes have together; a symbolic one is a product with a name (`batch*12`). */
export function productOf(sizes: readonly Dimension[]): Dimension {
  const known = sizes.filter((size) => typeof size === 'number').reduce((a, b) => a * b, 1);
  const symbols = sizes.filter((size) => typeof size === 'string');
  if (symbols.length === 0) return known;
  return known === 1 ? symbols.join('*') : `${symbols.join('*')}*${known}`;
}

/** What sizes multiply: a number and symbols; those that `productOf` made fall apart again. */
export function factorsOf(sizes: readonly Dimension[]): {
  readonly number: number;
  readonly symbols: string[];
} {
  const factors = sizes.flatMap((size): Dimension[] =>
    typeof size === 'number'
      ? [size]
      : size.split('*').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  );
  return {
    number: factors.filter((factor) => typeof factor === 'number').reduce((a, b) => a * b, 1),
    symbols: factors.filter((factor) => typeof factor === 'string'),
  };
}

export function intAttribute(attributes: Attributes, name: string, otherwise: number): number {
  const attribute = attributes[name];
  return attribute && 'int' in attribute ? attribute.int : otherwise;
}

export function floatAttribute(attributes: Attributes, name: string, otherwise: number): number {
  const attribute = attributes[name];
  return attribute && 'float' in attribute ? attribute.float : otherwise;
}

export function stringAttribute(attributes: Attributes, name: string, otherwise: string): string {
  const attribute = attributes[name];
  return attribute && 'string' in attribute ? attribute.string : otherwise;
}

export function intsAttribute(attributes: Attributes, name: string): readonly number[] | undefined {
  const attribute = attributes[name];
  return attribute && 'ints' in attribute ? attribute.ints : undefined;
}

/** The elements of a constant int64 input, `undefined` when the input is left out. @throws Error when not constant. */
export function constantInts(context: InferContext, index: number): number[] | undefined {
  if (!context.inputs[index]) return undefined;
  const constant = context.constant(index);
  if (constant?.dtype !== 'int64') {
    throw new Error(
      `${context.op}: input ${index} must be a constant int64 tensor for its shape to be known`,
    );
  }
  return numbersOf(constant);
}

/** The single value of an operator call with one output. */
export function only(values: readonly Value[]): Value {
  const [value] = values;
  if (!value || values.length !== 1) throw new Error(`expected one output, found ${values.length}`);
  return value;
}
