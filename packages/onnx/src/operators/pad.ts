import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64, numbersOf } from '../tensor.js';
import type { Operator } from './operator.js';
import { constantLike } from './shared/constant-like.js';
import { constantInts, expectSameDType, only, required, stringAttribute } from './shared/shapes.js';
import { slice } from './slice.js';
import { constantOf } from './shared/stacking.js';

/**
 * Puts `begin` elements before and `end` elements after each axis, all of the given value (others than 0 for float
 * values alone). Negative counts take elements away.
 */
export function pad(
  builder: GraphBuilder,
  x: Value,
  begin: readonly number[],
  end: readonly number[],
  value = 0,
): Value {
  const pads = builder.constant(int64([...begin, ...end]));
  return only(builder.add('Pad', value === 0 ? [x, pads] : [x, pads, constantLike(builder, x, value)]));
}

/** As `pad` with 0, by a `Slice` where elements go and a `Pad` where they come: not all runtimes do both at once. */
export function resized(
  builder: GraphBuilder,
  x: Value,
  begin: readonly number[],
  end: readonly number[],
): Value {
  const cut = x.shape.flatMap((_, axis) => ((begin[axis] ?? 0) < 0 || (end[axis] ?? 0) < 0 ? [axis] : []));
  const sliced =
    cut.length === 0
      ? x
      : slice(
          builder,
          x,
          cut.map((axis) => Math.max(0, -(begin[axis] ?? 0))),
          cut.map((axis) => Number(x.shape[axis]) + Math.min(0, end[axis] ?? 0)),
          cut,
        );
  const grows = [...begin, ...end].some((count) => count > 0);
  const positive = (counts: readonly number[]) => counts.map((count) => Math.max(0, count));
  return grows ? pad(builder, sliced, positive(begin), positive(end)) : sliced;
}

export const padOperator: Operator = {
  op: 'Pad',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const pads = constantInts(context, 1) ?? [];
    const mode = stringAttribute(context.attributes, 'mode', 'constant');
    if (mode !== 'constant') throw new Error(`Pad: mode is '${mode}', expected 'constant'`);
    if (context.inputs[2]) expectSameDType('Pad', x, context.inputs[2]);
    if (context.inputs[3]) throw new Error('Pad: input 3 names axes, expected pads for all of them');
    if (pads.length !== 2 * x.shape.length) {
      throw new Error(
        `Pad: pads are ${shapeText(pads)}, expected ${2 * x.shape.length} for '${x.name}' ${shapeText(x.shape)}`,
      );
    }
    const shape = x.shape.map((size, axis) => {
      const begin = pads[axis] ?? 0;
      const end = pads[axis + x.shape.length] ?? 0;
      if (begin === 0 && end === 0) return size;
      if (typeof size === 'string' || size + Math.min(0, begin) + Math.min(0, end) < 0) {
        throw new Error(
          `Pad: ${begin} before and ${end} after axis ${axis} do not fit '${x.name}' ${shapeText(x.shape)}`,
        );
      }
      return size + begin + end;
    });
    return [{ dtype: x.dtype, shape }];
  },
  gradient: ({ builder, inputs: [x, pads], gradients: [g] }) => {
    const counts = pads && builder.constantOf(pads);
    if (!g || !x || !counts) return [undefined];
    const taken = numbersOf(counts).map((count) => -count);
    return [resized(builder, g, taken.slice(0, x.shape.length), taken.slice(x.shape.length))];
  },
  stack: (context) => {
    const {
      builder,
      node,
      inputs: [x, pads, value],
    } = context;
    const counts = constantOf(context, pads);
    if (!x || !counts) return [];
    const around = [0, ...counts.slice(0, x.rank), 0, ...counts.slice(x.rank)];
    const inputs = [x.value, builder.constant(int64(around)), value?.value];
    return builder.add(node.op, value ? inputs : inputs.slice(0, 2), node.attributes);
  },
};
