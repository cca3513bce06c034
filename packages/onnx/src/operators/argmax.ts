import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import { intAttribute, normalAxis, only, required } from './shared/shapes.js';
import { stackAlongAxis } from './shared/stacking.js';

/** The index of the largest element along an axis (int64), the first one of a tie; the axis goes away. */
export function argMax(builder: GraphBuilder, x: Value, axis: number): Value {
  return only(builder.add('ArgMax', [x], { axis: { int: axis }, keepdims: { int: 0 } }));
}

export const argMaxOperator: Operator = {
  op: 'ArgMax',
  dtypes: ['float32', 'float64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const axis = normalAxis('ArgMax', intAttribute(context.attributes, 'axis', 0), x.shape.length);
    const keep = intAttribute(context.attributes, 'keepdims', 1) === 1;
    return [{ dtype: 'int64', shape: keep ? x.shape.with(axis, 1) : x.shape.toSpliced(axis, 1) }];
  },
  gradient: 'none',
  stack: stackAlongAxis(0),
};
