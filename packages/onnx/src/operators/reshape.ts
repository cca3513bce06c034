import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64 } from '../tensor.js';
import type { Operator } from './operator.js';
import { shape } from './shape.js';
import { constantInts, factorsOf, only, productOf, required } from './shared/shapes.js';
import { constantOf } from './shared/stacking.js';

/**
 * The same elements, row-major, under another shape.
 *
 * @param target sizes; 0 keeps the size of that axis, -1 (once) takes what is left. A symbolic size keeps that of
 *   the same axis where they are the same, else it counts as -1.
 */
export function reshape(builder: GraphBuilder, x: Value, target: readonly Dimension[]): Value {
  const sizes = target.map((size, axis) => {
    if (typeof size === 'number') return size;
    return size === x.shape[axis] ? 0 : -1;
  });
  return only(builder.add('Reshape', [x, builder.constant(int64(sizes))]));
}

/** The elements of `x` under the shape of `like`, which has as many. */
export function reshapeLike(builder: GraphBuilder, x: Value, like: Value): Value {
  const known = like.shape.filter((size) => typeof size === 'number');
  if (known.length === like.shape.length) return reshape(builder, x, known);
  // A symbolic size may be part of another one in `x`: the sizes are read at run time.
  const { dtype } = x;
  return only(builder.add('Reshape', [x, shape(builder, like)], {}, [], [{ dtype, shape: like.shape }]));
}

export const reshapeOperator: Operator = {
  op: 'Reshape',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const target = constantInts(context, 1) ?? [];
    return [{ dtype: x.dtype, shape: reshaped(x.shape, target) }];
  },
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && reshapeLike(builder, g, x)],
  stack: (context) => {
    const {
      builder,
      members,
      inputs: [x, target],
    } = context;
    if (!x) return [];
    // 0 keeps the size of its axis, which moves along with the target.
    return [reshape(builder, x.value, [members, ...(constantOf(context, target) ?? [])])];
  },
};

function reshaped(from: readonly Dimension[], target: readonly number[]): Dimension[] {
  const fail = () => new Error(`Reshape: ${shapeText(from)} does not reshape to ${shapeText(target)}`);
  if (target.filter((size) => size === -1).length > 1) throw fail();
  const kept = target.map((size, axis): Dimension => {
    if (size !== 0) return size;
    const same = from[axis];
    if (same === undefined) throw fail();
    return same;
  });
  const open = kept.indexOf(-1);
  const available = factorsOf(from);
  const taken = factorsOf(open < 0 ? kept : kept.toSpliced(open, 1));
  // Symbolic sizes cancel where both sides have them; what is left is that of the open axis.
  const symbols = [...available.symbols];
  for (const symbol of taken.symbols) {
    const place = symbols.indexOf(symbol);
    if (place < 0) throw fail();
    symbols.splice(place, 1);
  }
  if (open < 0) {
    if (symbols.length > 0 || available.number !== taken.number) throw fail();
    return kept;
  }
  if (taken.number === 0 || available.number % taken.number !== 0) throw fail();
  return kept.with(open, productOf([...symbols, available.number / taken.number]));
}
