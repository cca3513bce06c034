import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { axisOutput } from './shared/elementwise.js';
import { exp } from './exp.js';
import { mul } from './mul.js';
import { reduceSum } from './reduce-sum.js';
import { intAttribute, only } from './shared/shapes.js';
import { stackAlongAxis } from './shared/stacking.js';
import { sub } from './sub.js';

/** Logarithm of the softmax along an axis (default the last), without overflow. */
export function logSoftmax(builder: GraphBuilder, x: Value, axis = -1): Value {
  return only(builder.add('LogSoftmax', [x], { axis: { int: axis } }));
}

export const logSoftmaxOperator: Operator = {
  op: 'LogSoftmax',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda'],
  infer: axisOutput,
  gradient: ({ builder, node, outputs: [y], gradients: [g] }) => {
    if (!g || !y) return [undefined];
    const axis = intAttribute(node.attributes, 'axis', -1);
    const sum = reduceSum(builder, g, [axis], true);
    return [sub(builder, g, mul(builder, exp(builder, y), sum))];
  },
  stack: stackAlongAxis(-1),
};
