import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { int64, sizeOf } from '../tensor.js';
import { argMax } from './argmax.js';
import { cast } from './cast.js';
import { equal } from './equal.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { reshape } from './reshape.js';
import { only } from './shared/shapes.js';
import { globallyPooledOutput, imageSizes } from './shared/windows.js';
import { stackInBatch } from './shared/stacking.js';

/** The largest element of each channel of `[batch, channels, ...sizes]`; its sizes become 1. */
export function globalMaxPool(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('GlobalMaxPool', [x]));
}

export const globalMaxPoolOperator: Operator = {
  op: 'GlobalMaxPool',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: globallyPooledOutput,
  // The first of the elements that tie takes the gradient, as in PyTorch and TensorFlow.
  gradient: ({ builder, inputs: [x], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const [batch = 0, channels = 0, ...sizes] = x.shape;
    const count = sizeOf(imageSizes('GlobalMaxPool', x));
    const rows = reshape(builder, x, [batch, channels, count]);
    const first = reshape(builder, argMax(builder, rows, 2), [batch, channels, 1]);
    const places = builder.constant(int64(Array.from({ length: count }, (_, place) => place)));
    const mask = reshape(builder, equal(builder, first, places), [batch, channels, ...sizes]);
    return [mul(builder, g, cast(builder, mask, g.dtype))];
  },
  stack: stackInBatch,
};
