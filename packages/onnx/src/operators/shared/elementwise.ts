import { broadcast, expectSameDType, intAttribute, normalAxis, required } from './shapes.js';
import type { InferContext, OutputType } from '../operator.js';

/** Shape rules of elementwise operators. */

/** The output is like the input. */
export function unaryOutput(context: InferContext): OutputType[] {
  const { dtype, shape } = required(context, 0);
  return [{ dtype, shape }];
}

/** The output is like the input, which has the axis that the operator works along (default the last). */
export function axisOutput(context: InferContext): OutputType[] {
  const { dtype, shape } = required(context, 0);
  normalAxis(context.op, intAttribute(context.attributes, 'axis', -1), shape.length);
  return [{ dtype, shape }];
}

/** The output has the dtype of both inputs and the shape they broadcast to. */
export function binaryOutput(context: InferContext): OutputType[] {
  const a = required(context, 0);
  const b = required(context, 1);
  expectSameDType(context.op, a, b);
  return [{ dtype: a.dtype, shape: broadcast(context.op, a.shape, b.shape) }];
}

/** The output has the dtype of all inputs, one or more, and the shape they broadcast to. */
export function foldedOutput(context: InferContext): OutputType[] {
  const first = required(context, 0);
  const values = context.inputs.map((_, index) => required(context, index));
  for (const value of values) expectSameDType(context.op, first, value);
  const shape = values.reduce((sofar, value) => broadcast(context.op, sofar, value.shape), first.shape);
  return [{ dtype: first.dtype, shape }];
}

/** The output says yes or no for each element of what the inputs broadcast to. */
export function comparisonOutput(context: InferContext): OutputType[] {
  return binaryOutput(context).map(({ shape }) => ({ dtype: 'bool', shape }));
}
