import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { axisOutput } from './shared/elementwise.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { intAttribute, only } from './shared/shapes.js';
import { stackAlongAxis } from './shared/stacking.js';
import { sub } from './sub.js';

/** `exp(x)` divided by its sum along an axis (default the last), without overflow. */
export function softmax(builder: GraphBuilder, x: Value, axis = -1): Value {
  return only(builder.add('Softmax', [x], { axis: { int: axis } }));
}

export const softmaxOperator: Operator = {
  op: 'Softmax',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: axisOutput,
  gradient: ({ builder, node, outputs: [y], gradients: [g] }) => {
    if (!g || !y) return [undefined];
    const axis = intAttribute(node.attributes, 'axis', -1);
    const mean = reduceSum(builder, mul(builder, g, y), [axis], true);
    return [mul(builder, sub(builder, g, mean), y)];
  },
  stack: stackAlongAxis(-1),
};
