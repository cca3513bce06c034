import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import type { Operator } from './operator.js';
import { expectDType, only, required } from './shared/shapes.js';

/** Elementwise remainder of integers, broadcasting; its sign is that of the divisor, as in Python. */
export function mod(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('Mod', [a, b]));
}

export const modOperator: Operator = {
  op: 'Mod',
  dtypes: ['int64', 'int32', 'int8', 'uint8'],
  providers: ['cpu', 'cuda'],
  infer: (context) => {
    expectDType('Mod', required(context, 0), ...modOperator.dtypes);
    return binaryOutput(context);
  },
  gradient: 'none',
  stack: stackElements,
};
