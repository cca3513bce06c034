import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { DType } from '../tensor.js';
import type { Operator } from './operator.js';
import { intAttribute, only, required } from './shared/shapes.js';

/** The numbers of `TensorProto.DataType` in the ONNX specification. */
export const dataTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
};

/** Converts every element to another dtype. */
export function cast(builder: GraphBuilder, x: Value, dtype: DType): Value {
  return only(builder.add('Cast', [x], { to: { int: dataTypes[dtype] } }));
}

export const castOperator: Operator = {
  op: 'Cast',
  dtypes: ['float32', 'float64', 'float16', 'int64', 'int32', 'int8', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const to = intAttribute(context.attributes, 'to', 0);
    const dtype = (Object.keys(dataTypes) as DType[]).find((name) => dataTypes[name] === to);
    if (!dtype) throw new Error(`Cast: data type ${to} is not supported`);
    return [{ dtype, shape: required(context, 0).shape }];
  },
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && cast(builder, g, x.dtype)],
};
