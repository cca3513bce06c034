import { broadcast, expectSameDType, required } from './shapes.js';
import type { InferContext, OutputType } from '../operator.js';

/** Shape rules of elementwise operators. */

/** The output is like the input. */
export function unaryOutput(context: InferContext): OutputType[] {
  const { dtype, shape } = required(context, 0);
  return [{ dtype, shape }];
}

/** The output has the dtype of both inputs and the shape they broadcast to. */
export function binaryOutput(context: InferContext): OutputType[] {
  const a = required(context, 0);
  const b = required(context, 1);
  expectSameDType(context.op, a, b);
  return [{ dtype: a.dtype, shape: broadcast(context.op, a.shape, b.shape) }];
}

/** The output says yes or no for each element of what the inputs broadcast to. */
export function comparisonOutput(context: InferContext): OutputType[] {
  return binaryOutput(context).map(({ shape }) => ({ dtype: 'bool', shape }));
}
