import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sizeOf } from '../tensor.js';
import { and } from './and.js';
import { cast } from './cast.js';
import { equal } from './equal.js';
import { mul } from './mul.js';
import { not } from './not.js';
import type { Operator } from './operator.js';
import { only } from './shared/shapes.js';
import type { WindowAxis, WindowOptions } from './shared/windows.js';
import { imageSizes, pooledOutput, poolingAxes, windowAttributes } from './shared/windows.js';
import type { SizesAt } from './shared/window-elements.js';
import { batchFirst, batchLast, placed, windowElements } from './shared/window-elements.js';
import { stackInBatch } from './shared/stacking.js';

/** The largest element of each window of `kernel` over the sizes of `[batch, channels, ...sizes]`, one or two. */
export function maxPool(
  builder: GraphBuilder,
  x: Value,
  kernel: readonly number[],
  options: WindowOptions = {},
): Value {
  return only(builder.add('MaxPool', [x], { kernel_shape: { ints: kernel }, ...windowAttributes(options) }));
}

export const maxPoolOperator: Operator = {
  op: 'MaxPool',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: pooledOutput,
  gradient: ({ builder, node, inputs: [x], outputs: [y], gradients: [g] }) => {
    if (!g || !x || !y) return [undefined];
    const axes = poolingAxes('MaxPool', node.attributes);
    return [
      sizeOf(imageSizes('MaxPool', x)) * Number(x.shape[1]) <= WORTH_TRANSPOSING
        ? batchFirst(
            builder,
            passedBack(builder, batchLast(builder, x), batchLast(builder, y), batchLast(builder, g), axes, 1),
          )
        : passedBack(builder, x, y, g, axes, 2),
    ];
  },
  stack: stackInBatch,
};

/**
 * Elements of an image up to which the gradient is taken with the batch last: with LeNet-5's 4,704 it takes half the
 * time, with Conv-2's 50,176 half as much again, because the transposes no longer run in the cache.
 */
const WORTH_TRANSPOSING = 16_384;

function passedBack(
  builder: GraphBuilder,
  image: Value,
  maxima: Value,
  gradient: Value,
  axes: readonly WindowAxis[],
  sizesAt: SizesAt,
): Value {
  const masks = firstMatches(builder, windowElements(builder, image, axes, -Infinity, sizesAt), maxima);
  const parts = masks.map((mask) => mul(builder, gradient, cast(builder, mask, gradient.dtype)));
  return placed(builder, parts, axes, image.shape, sizesAt);
}

/**
 * For each element of a window, in their order, where it is the maximum. The first of the elements that tie takes the
 * gradient, as in PyTorch and TensorFlow; a window of zeros after a Relu ties every time.
 */
function firstMatches(builder: GraphBuilder, elements: readonly Value[], maximum: Value): Value[] {
  let open: Value | undefined;
  return elements.map((element, index) => {
    const match = equal(builder, element, maximum);
    const first = open ? and(builder, open, match) : match;
    if (index + 1 < elements.length) {
      const other = not(builder, match);
      open = open ? and(builder, open, other) : other;
    }
    return first;
  });
}
