import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import type { Operator } from './operator.js';
import { intsAttribute, only, required } from './shared/shapes.js';

/** Permutes the axes: axis `i` of the result is axis `permutation[i]` of `x`; reversed when none is given. */
export function transpose(builder: GraphBuilder, x: Value, permutation?: readonly number[]): Value {
  const perm = permutation ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  return only(builder.add('Transpose', [x], { perm: { ints: perm } }));
}

export const transposeOperator: Operator = {
  op: 'Transpose',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const perm = permutationOf(context.attributes, x.shape.length);
    const shape = perm.flatMap((axis) => x.shape[axis] ?? []);
    if (shape.length !== x.shape.length || new Set(perm).size !== perm.length) {
      throw new Error(`Transpose: [${perm.join(', ')}] does not permute the axes of ${shapeText(x.shape)}`);
    }
    return [{ dtype: x.dtype, shape }];
  },
  gradient: ({ builder, node, inputs: [x], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const perm = permutationOf(node.attributes, x.shape.length);
    return [
      transpose(
        builder,
        g,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ];
  },
  stack: ({ builder, node, inputs: [x] }) => {
    if (!x) return [];
    const perm = permutationOf(node.attributes, x.rank);
    return [transpose(builder, x.value, [0, ...perm.map((axis) => axis + 1)])];
  },
};

function permutationOf(attributes: Parameters<typeof intsAttribute>[0], rank: number): readonly number[] {
  return intsAttribute(attributes, 'perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}
