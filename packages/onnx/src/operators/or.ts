import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { expectDType, only, required } from './shared/shapes.js';

/** Elementwise logical or, broadcasting. */
export function or(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Or', [a, b]));
}

export const orOperator: Operator = {
  op: 'Or',
  dtypes: ['bool'],
  providers: ['cpu', 'cuda'],
  infer: (context) => {
    expectDType('Or', required(context, 0), 'bool');
    return binaryOutput(context);
  },
  gradient: 'none',
  stack: stackElements,
};
