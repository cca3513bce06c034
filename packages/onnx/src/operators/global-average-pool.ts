import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sizeOf } from '../tensor.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { expandTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { only } from './shared/shapes.js';
import { globallyPooledOutput, imageSizes } from './shared/windows.js';
import { stackInBatch } from './shared/stacking.js';

/** The mean of each channel of `[batch, channels, ...sizes]`; its sizes become 1. */
export function globalAveragePool(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('GlobalAveragePool', [x]));
}

export const globalAveragePoolOperator: Operator = {
  op: 'GlobalAveragePool',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: globallyPooledOutput,
  gradient: ({ builder, inputs: [x], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const share = constantLike(builder, g, 1 / sizeOf(imageSizes('GlobalAveragePool', x)));
    return [expandTo(builder, mul(builder, g, share), x)];
  },
  stack: stackInBatch,
};
