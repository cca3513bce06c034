import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { shapeText } from '../graph.js';
import type { Operator } from './operator.js';
import { reshapeLike } from './reshape.js';
import { intAttribute, only, productOf, required } from './shared/shapes.js';
import { reshape } from './reshape.js';
import { merged } from './shared/stacking.js';

/** The value as a matrix: axes before `axis` (default 1) become the rows, the others the columns. */
export function flatten(builder: GraphBuilder, x: Value, axis = 1): Value {
  return only(builder.add('Flatten', [x], { axis: { int: axis } }));
}

export const flattenOperator: Operator = {
  op: 'Flatten',
  dtypes: ['float32', 'float64', 'int64', 'int32', 'uint8', 'bool'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const axis = intAttribute(context.attributes, 'axis', 1);
    if (axis < 0 || axis > x.shape.length) {
      throw new Error(`Flatten: axis ${axis} is outside the rank of ${shapeText(x.shape)}`);
    }
    return [{ dtype: x.dtype, shape: [productOf(x.shape.slice(0, axis)), productOf(x.shape.slice(axis))] }];
  },
  gradient: ({ builder, inputs: [x], gradients: [g] }) => [g && x && reshapeLike(builder, g, x)],
  stack: ({ builder, node, members, inputs: [x] }) => {
    if (!x) return [];
    const sizes = x.value.shape.slice(1);
    const axis = intAttribute(node.attributes, 'axis', 1);
    return [reshape(builder, x.value, [members, merged(sizes.slice(0, axis)), merged(sizes.slice(axis))])];
  },
};
