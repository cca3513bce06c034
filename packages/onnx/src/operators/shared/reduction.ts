import type { GraphBuilder } from '../../builder.js';
import type { Dimension, Node, Value } from '../../graph.js';
import { int64, numbersOf } from '../../tensor.js';
import type { InferContext, OutputType, StackContext } from '../operator.js';
import { restoreAxes } from './broadcasting.js';
import { constantInts, intAttribute, normalAxis, only, required } from './shapes.js';
import { constantOf } from './stacking.js';

/** What the reductions share: axes as a constant input (operator set 18), `keepdims`. */

/** Adds a reduction. */
export function reduce(
  builder: GraphBuilder,
  op: string,
  x: Value,
  axes: readonly number[] | undefined,
  keepDims: boolean,
): Value {
  const inputs = axes ? [x, builder.constant(int64(axes))] : [x];
  return only(builder.add(op, inputs, { keepdims: { int: keepDims ? 1 : 0 } }));
}

/** Shape rule of a reduction whose axes are a constant input. */
export function reducedOutput(context: InferContext): OutputType[] {
  const x = required(context, 0);
  const keep = intAttribute(context.attributes, 'keepdims', 1) === 1;
  const axes = constantInts(context, 1);
  const reduced = new Set(
    (axes ?? x.shape.map((_, axis) => axis)).map((axis) => normalAxis(context.op, axis, x.shape.length)),
  );
  const shape = x.shape.flatMap((size, axis): Dimension[] =>
    reduced.has(axis) ? (keep ? [1] : []) : [size],
  );
  return [{ dtype: x.dtype, shape }];
}

/** A reduction's output or gradient with the reduced axes of its input present, size 1. */
export function withReducedAxes(builder: GraphBuilder, node: Node, value: Value, x: Value): Value {
  const axesName = node.inputs[1];
  const axesValue = axesName ? builder.valueNamed(axesName) : undefined;
  const constant = axesValue && builder.constantOf(axesValue);
  const axes = constant
    ? numbersOf(constant).map((axis) => normalAxis(node.op, axis, x.shape.length))
    : x.shape.map((_, axis) => axis);
  return restoreAxes(
    builder,
    value,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

/** Stacking rule of a reduction: it leaves the axis of the stack alone. */
export function stackReduction(context: StackContext): Value[] {
  const { builder, node, inputs } = context;
  const [x, axesInput] = inputs;
  if (!x || x.rank === 0) return x ? [x.value] : [];
  const axes = constantOf(context, axesInput) ?? Array.from({ length: x.rank }, (_, axis) => axis);
  const behind = axes.map((axis) => normalAxis(node.op, axis, x.rank) + 1);
  return [reduce(builder, node.op, x.value, behind, intAttribute(node.attributes, 'keepdims', 1) === 1)];
}
