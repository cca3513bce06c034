import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';

/** The number of elements of a value, as an int64 scalar. */
export function size(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Size', [x]));
}

export const sizeOperator: Operator = {
  op: 'Size',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda'],
  infer: () => [{ dtype: 'int64', shape: [] }],
  gradient: 'none',
};
