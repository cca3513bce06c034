import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { gemm } from './gemm.js';
import type { Operator } from './operator.js';
import { sumTo } from './shared/broadcasting.js';
import { broadcast, expectSameDType, only, required } from './shared/shapes.js';
import { transpose } from './transpose.js';
import { withRank } from './shared/stacking.js';

/** Matrix product over the last two axes; axes before them broadcast. Both sides have rank 2 or more. */
export function matMul(builder: GraphBuilder, a: Value, b: Value): Value {
  return only(builder.add('MatMul', [a, b]));
}

export const matMulOperator: Operator = {
  op: 'MatMul',
  dtypes: ['float32', 'float64', 'int64', 'int32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const a = required(context, 0);
    const b = required(context, 1);
    expectSameDType('MatMul', a, b);
    const [rows, inner] = a.shape.slice(-2);
    const [innerOfB, columns] = b.shape.slice(-2);
    if (rows === undefined || inner === undefined || columns === undefined || inner !== innerOfB) {
      throw new Error(`MatMul: ${shapeText(a.shape)} and ${shapeText(b.shape)} do not multiply`);
    }
    const batch = broadcast('MatMul', a.shape.slice(0, -2), b.shape.slice(0, -2));
    return [{ dtype: a.dtype, shape: [...batch, rows, columns] }];
  },
  gradient: ({ builder, inputs: [a, b], gradients: [g], wanted }) => {
    if (!g || !a || !b) return [undefined];
    if (a.shape.length === 2 && b.shape.length === 2) {
      // Gemm transposes inside its kernel, which spares a copy of the matrix.
      return [
        wanted[0] ? gemm(builder, g, b, undefined, { transB: true }) : undefined,
        wanted[1] ? gemm(builder, a, g, undefined, { transA: true }) : undefined,
      ];
    }
    return [
      wanted[0] ? sumTo(builder, matMul(builder, g, swapped(builder, b)), a.shape) : undefined,
      wanted[1] ? sumTo(builder, matMul(builder, swapped(builder, a), g), b.shape) : undefined,
    ];
  },
  stack: ({ builder, inputs: [a, b] }) => {
    if (!a || !b) return [];
    const rank = Math.max(a.rank, b.rank);
    return [matMul(builder, withRank(builder, a, rank), withRank(builder, b, rank))];
  },
};

/** A value with its last two axes in each other's place. */
export function swapped(builder: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(builder, x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
