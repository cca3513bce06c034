import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { expectDType, only, required } from './shared/shapes.js';

/** Elementwise logical and, broadcasting. */
export function and(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('And', [a, b]));
}

export const andOperator: Operator = {
  op: 'And',
  dtypes: ['bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    expectDType('And', required(context, 0), 'bool');
    return binaryOutput(context);
  },
  gradient: 'none',
  stack: stackElements,
};
