import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { sizeOf } from '../tensor.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { constantLike, tensorLike } from './shared/constant-like.js';
import { intAttribute, only } from './shared/shapes.js';
import { placed } from './shared/window-elements.js';
import type { WindowAxis, WindowOptions } from './shared/windows.js';
import { imageSizes, pooledOutput, poolingAxes, windowAttributes } from './shared/windows.js';
import { stackInBatch } from './shared/stacking.js';

// Operator set 18 has no dilations here.
export interface AveragePoolOptions extends Omit<WindowOptions, 'dilations'> {
  /** Whether a window that lies over the padding counts its zeros; default false. */
  readonly countIncludePad?: boolean;
}

/** The mean of each window of `kernel` over the sizes of `[batch, channels, ...sizes]`, one or two. */
export function averagePool(
  builder: GraphBuilder,
  x: Value,
  kernel: readonly number[],
  options: AveragePoolOptions = {},
): Value {
  const { countIncludePad = false } = options;
  return only(
    builder.add('AveragePool', [x], {
      kernel_shape: { ints: kernel },
      ...windowAttributes(options),
      ...(countIncludePad ? { count_include_pad: { int: 1 } } : {}),
    }),
  );
}

export const averagePoolOperator: Operator = {
  op: 'AveragePool',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    if (context.attributes['dilations']) {
      throw new Error('AveragePool: dilations are given, which operator set 18 does not have');
    }
    return pooledOutput(context);
  },
  gradient: ({ builder, node, inputs: [x], gradients: [g] }) => {
    if (!g || !x) return [undefined];
    const axes = poolingAxes('AveragePool', node.attributes);
    const includesPad = intAttribute(node.attributes, 'count_include_pad', 0) === 1;
    const share = mul(builder, g, sharesOf(builder, g, x, axes, includesPad));
    const count = sizeOf(axes.map(({ kernel }) => kernel));
    const elements = Array.from({ length: count }, () => share);
    return [placed(builder, elements, axes, x.shape, 2)];
  },
  stack: stackInBatch,
};

/** What an element gets of the gradient of its window: one part of as many as the mean was taken of. */
function sharesOf(
  builder: GraphBuilder,
  g: Value,
  x: Value,
  axes: readonly WindowAxis[],
  includesPad: boolean,
): Value {
  if (includesPad || axes.every(({ begin, end }) => begin === 0 && end === 0)) {
    return constantLike(builder, g, 1 / sizeOf(axes.map(({ kernel }) => kernel)));
  }
  const sizes = imageSizes('AveragePool', x);
  const counts = imageSizes('AveragePool', g);
  const elements = axes.reduce<number[]>(
    (products, { kernel, stride, begin }, axis) => {
      const along = Array.from({ length: counts[axis] ?? 0 }, (_, window) => {
        const start = window * stride - begin;
        return Math.min(start + kernel, sizes[axis] ?? 0) - Math.max(start, 0);
      });
      return products.flatMap((product) => along.map((number) => product * number));
    },
    [1],
  );
  const shares = elements.map((number) => 1 / number);
  return tensorLike(builder, g, shares, counts);
}
