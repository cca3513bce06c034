import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { sumTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { broadcast, expectDType, expectSameDType, only, required } from './shared/shapes.js';
import { stackElements } from './shared/stacking.js';

/** Elementwise choice: `a` where the condition holds, `b` elsewhere; all three broadcast. */
export function where(builder: GraphBuilder, condition: Value, a: Value, b: Value): Value {
  return only(builder.add('Where', [condition, a, b]));
}

export const whereOperator: Operator = {
  op: 'Where',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const condition = required(context, 0);
    const a = required(context, 1);
    const b = required(context, 2);
    expectDType('Where', condition, 'bool');
    expectSameDType('Where', a, b);
    return [
      { dtype: a.dtype, shape: broadcast('Where', broadcast('Where', condition.shape, a.shape), b.shape) },
    ];
  },
  gradient: ({ builder, inputs: [condition, a, b], gradients: [g], wanted }) => {
    if (!g || !condition || !a || !b) return [undefined];
    const zero = constantLike(builder, g, 0);
    return [
      undefined,
      wanted[1] ? sumTo(builder, where(builder, condition, g, zero), a.shape) : undefined,
      wanted[2] ? sumTo(builder, where(builder, condition, zero, g), b.shape) : undefined,
    ];
  },
  stack: stackElements,
};
