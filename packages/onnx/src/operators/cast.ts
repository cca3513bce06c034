import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { dtypeOf, elementTypeOf } from '../model/element-type.js';
import type { DType } from '../tensor.js';
import type { Operator } from './operator.js';
import { intAttribute, only, required } from './shared/shapes.js';
import { stackElements } from './shared/stacking.js';

/** Converts every element to another dtype. */
export function cast(builder: GraphBuilder, x: Value, dtype: DType): Value {
  return only(builder.add('Cast', [x], { to: { int: elementTypeOf[dtype] } }));
}

export const castOperator: Operator = {
  op: 'Cast',
  dtypes: ['float32', 'float64', 'float16', 'int64', 'int32', 'int8', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const to = intAttribute(context.attributes, 'to', 0);
    const dtype = dtypeOf(to);
    if (!dtype) throw new Error(`Cast: data type ${to} is not supported`);
    return [{ dtype, shape: required(context, 0).shape }];
  },
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && cast(builder, g, x.dtype)],
  stack: stackElements,
};
