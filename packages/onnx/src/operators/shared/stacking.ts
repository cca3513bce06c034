import type { GraphBuilder } from '../../builder.js';
import type { Dimension, Value } from '../../graph.js';
import { int64, numbersOf } from '../../tensor.js';
import { expand } from '../expand.js';
import type { Stacked, StackContext } from '../operator.js';
import { reshape } from '../reshape.js';
import { intAttribute, normalAxis } from './shapes.js';

/** What stacking rules share: see `stackGraph`. */

/** Rule of operators that work element by element and broadcast: nothing but ranks to line up. */
export function stackElements({ builder, node, inputs }: StackContext): Value[] {
  const rank = Math.max(...inputs.map((input) => input?.rank ?? 0));
  const aligned = inputs.map((input) => input && withRank(builder, input, rank));
  return builder.add(node.op, aligned, node.attributes);
}

/** Rule of operators that work along one axis of one input, named by an attribute. */
export function stackAlongAxis(otherwise: number): (context: StackContext) => Value[] {
  return ({ builder, node, inputs: [x, ...rest] }) => {
    if (!x) return [];
    const axis = normalAxis(node.op, intAttribute(node.attributes, 'axis', otherwise), x.rank) + 1;
    const inputs = [x.value, ...rest.map((input) => input?.value)];
    return builder.add(node.op, inputs, { ...node.attributes, axis: { int: axis } });
  };
}

/** Rule of operators whose inputs stand beside each other along one axis, named by an attribute (default 0). */
export function stackBeside({ builder, node, members, inputs }: StackContext): Value[] {
  const axis = normalAxis(node.op, intAttribute(node.attributes, 'axis', 0), inputs[0]?.rank ?? 0) + 1;
  const values = inputs.flatMap((input) => (input ? [everyMember(builder, input, members)] : []));
  return builder.add(node.op, values, { ...node.attributes, axis: { int: axis } });
}

/** An input whose own axes are at least so many: ones are put before them, behind the axis of the stack. */
export function withRank(builder: GraphBuilder, { value, stacked, rank }: Stacked, wanted: number): Value {
  if (!stacked || rank >= wanted) return value;
  const [members = 1, ...sizes] = value.shape;
  const ones = Array.from({ length: wanted - rank }, () => 1);
  return reshape(builder, value, [members, ...ones, ...sizes]);
}

/** An input with the axis of the stack, repeated for every member where it had none. */
export function everyMember(builder: GraphBuilder, { value, stacked }: Stacked, members: number): Value {
  if (stacked) return value;
  const target = [members, ...value.shape.map((size) => (typeof size === 'number' ? size : 1))];
  return expand(builder, value, builder.constant(int64(target)), [members, ...value.shape]);
}

/** The numbers of an input that is a constant for all members. @throws Error when it is not. */
export function constantOf(
  { builder, node }: StackContext,
  input: Stacked | undefined,
): number[] | undefined {
  if (!input) return undefined;
  const constant = builder.constantOf(input.value);
  if (!constant)
    throw new Error(`${node.op}: '${input.value.name}' must be a constant for the graph to stack`);
  return numbersOf(constant);
}

/** The product of sizes that are known, else -1: what `reshape` works out. */
export function merged(sizes: readonly Dimension[]): number {
  return sizes.reduce<number>(
    (product, size) => (typeof size === 'number' && product >= 0 ? product * size : -1),
    1,
  );
}

/** Rule of operators that treat every sample alike, `[batch, ...]`: members and samples are one axis to them. */
export function stackInBatch({ builder, node, inputs: [x] }: StackContext): Value[] {
  if (!x) return [];
  const [members = 1, batch = 1, ...sizes] = x.value.shape;
  const together = reshape(builder, x.value, [merged([members, batch]), ...sizes]);
  return builder
    .add(node.op, [together], node.attributes)
    .map((output) => reshape(builder, output, [members, merged([batch]), ...output.shape.slice(1)]));
}
