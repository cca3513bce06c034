import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import type { Operator } from './operator.js';
import type { ConvOptions } from './shared/convolution.js';
import {
  biasGradient,
  convolutionAttributes,
  convolutionOf,
  expectBias,
  expectChannels,
  imageGradient,
  weightGradient,
} from './shared/convolution.js';
import { only, required } from './shared/shapes.js';
import { windowCounts } from './shared/windows.js';
import { stackConvolution } from './shared/stack-convolution.js';

export type { ConvOptions } from './shared/convolution.js';

/**
 * Convolution (cross-correlation: the kernel is not flipped) of `[batch, group·channels, ...sizes]` by weights
 * `[units, channels, ...kernel]`, with a bias per unit that may be left out; one or two sizes.
 */
export function conv(
  builder: GraphBuilder,
  x: Value,
  weights: Value,
  bias?: Value,
  options: ConvOptions = {},
): Value {
  const inputs = bias ? [x, weights, bias] : [x, weights];
  return only(builder.add('Conv', inputs, convolutionAttributes(options)));
}

export const convOperator: Operator = {
  op: 'Conv',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const weights = required(context, 1);
    const { axes, group, units, channels } = convolutionOf('Conv', context.attributes, weights);
    const counts = windowCounts('Conv', x, axes);
    expectChannels('Conv', x, weights, channels * group);
    expectBias('Conv', weights, context.inputs[2], units);
    return [{ dtype: x.dtype, shape: [x.shape[0] ?? 0, units, ...counts] }];
  },
  gradient: ({ builder, node, inputs: [x, weights, bias], gradients: [g], wanted }) => {
    if (!g || !x || !weights) return [undefined];
    const convolution = convolutionOf('Conv', node.attributes, weights);
    return [
      wanted[0] ? imageGradient(builder, x, g, weights, convolution) : undefined,
      wanted[1] ? weightGradient(builder, x, g, convolution) : undefined,
      bias && wanted[2] ? biasGradient(builder, g) : undefined,
    ];
  },
  stack: stackConvolution,
};
