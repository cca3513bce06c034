import type { GraphBuilder } from '../../builder.js';
import type { Value } from '../../graph.js';
import { tensor } from '../../tensor.js';

/** A scalar constant in the dtype of a float value. */
export function constantLike(builder: GraphBuilder, like: Value, number: number): Value {
  return builder.constant(
    like.dtype === 'float64'
      ? tensor('float64', [], Float64Array.of(number))
      : tensor('float32', [], Float32Array.of(number)),
  );
}
