import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { only, required } from './shared/shapes.js';

/** The sizes of a value, as an int64 vector. */
export function shape(builder: GraphBuilder, x: Value): Value {
  return only(builder.add('Shape', [x]));
}

export const shapeOperator: Operator = {
  op: 'Shape',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => [{ dtype: 'int64', shape: [required(context, 0).shape.length] }],
  gradient: 'none',
};
