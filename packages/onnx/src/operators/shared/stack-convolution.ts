import type { GraphBuilder } from '../../builder.js';
import type { Value } from '../../graph.js';
import type { StackContext } from '../operator.js';
import { reshape } from '../reshape.js';
import { transpose } from '../transpose.js';
import { intAttribute } from './shapes.js';
import { everyMember, merged } from './stacking.js';

/**
 * Stacking rule of a convolution and its transpose: the members are groups of channels, which know nothing of each other.
 */
export function stackConvolution({
  builder,
  node,
  members,
  inputs: [x, weights, bias],
}: StackContext): Value[] {
  if (!x || !weights) return [];
  const image = everyMember(builder, x, members);
  const [, batch = 1, channels = 1, ...sizes] = image.shape;
  const asGroups = reshape(builder, swapped(builder, image), [
    merged([batch]),
    merged([members, channels]),
    ...sizes,
  ]);
  const below = (value: Value) => {
    const [, rows = 1, ...others] = value.shape;
    return reshape(builder, value, [merged([members, rows]), ...others]);
  };
  const parameters = [weights, bias].map((input) => input && below(everyMember(builder, input, members)));
  const group = intAttribute(node.attributes, 'group', 1) * members;
  return builder
    .add(node.op, bias ? [asGroups, ...parameters] : [asGroups, parameters[0]], {
      ...node.attributes,
      group: { int: group },
    })
    .map((output) => {
      const [, units = 1, ...counts] = output.shape;
      const own = Number(units) / members;
      return swapped(builder, reshape(builder, output, [merged([batch]), members, own, ...counts]));
    });
}

/** The first two axes in each other's place: `[members, batch, ...]` and `[batch, members, ...]`. */
function swapped(builder: GraphBuilder, x: Value): Value {
  return transpose(builder, x, [1, 0, ...x.shape.slice(2).map((_, axis) => axis + 2)]);
}
