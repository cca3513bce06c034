import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { unaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { expectDType, only, required } from './shared/shapes.js';

/** Elementwise logical negation. */
export function not(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Not', [x]));
}

export const notOperator: Operator = {
  op: 'Not',
  dtypes: ['bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    expectDType('Not', required(context, 0), 'bool');
    return unaryOutput(context);
  },
  gradient: 'none',
  stack: stackElements,
};
