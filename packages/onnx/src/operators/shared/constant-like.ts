import type { GraphBuilder } from '../../builder.js';
import type { Value } from '../../graph.js';
import { tensor } from '../../tensor.js';

/** A scalar constant in the dtype of a float value. */
export function constantLike(builder: GraphBuilder, like: Value, number: number): Value {
  return tensorLike(builder, like, [number], []);
}

/** A constant tensor in the dtype of a float value. */
export function tensorLike(
  builder: GraphBuilder,
  like: Value,
  numbers: readonly number[],
  shape: readonly number[],
): Value {
  return builder.constant(
    like.dtype === 'float64'
      ? tensor('float64', shape, Float64Array.from(numbers))
      : tensor('float32', shape, Float32Array.from(numbers)),
  );
}
