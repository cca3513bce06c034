import type { GraphBuilder } from '../builder.js';
import type { Attributes, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { conv } from './conv.js';
import type { Operator } from './operator.js';
import type { ConvOptions } from './shared/convolution.js';
import {
  biasGradient,
  convolutionAttributes,
  convolutionOf,
  expectBias,
  expectChannels,
  weightGradient,
} from './shared/convolution.js';
import { only, required } from './shared/shapes.js';
import type { WindowAxis } from './shared/windows.js';
import { imageSizes, integers, windowOptions, windowsReach } from './shared/windows.js';
import { stackConvolution } from './shared/stack-convolution.js';

export interface ConvTransposeOptions extends ConvOptions {
  /** Elements added after each axis of the result, less than its stride; default 0. */
  readonly outputPadding?: readonly number[];
}

/**
 * The transpose of a convolution, which passes its gradient back: of `[batch, units, ...counts]` by weights
 * `[units, channels, ...kernel]` to `[batch, group·channels, ...sizes]`, with a bias per channel that may be left out.
 * Here `pads` are taken off the result.
 */
export function convTranspose(
  builder: GraphBuilder,
  x: Value,
  weights: Value,
  bias?: Value,
  options: ConvTransposeOptions = {},
): Value {
  const { outputPadding } = options;
  const attributes: Attributes = {
    ...convolutionAttributes(options),
    ...(outputPadding?.some((count) => count !== 0) ? { output_padding: { ints: outputPadding } } : {}),
  };
  return only(builder.add('ConvTranspose', bias ? [x, weights, bias] : [x, weights], attributes));
}

export const convTransposeOperator: Operator = {
  op: 'ConvTranspose',
  dtypes: ['float32'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const x = required(context, 0);
    const weights = required(context, 1);
    const { axes, group, units, channels } = convolutionOf('ConvTranspose', context.attributes, weights);
    expectChannels('ConvTranspose', x, weights, units);
    expectBias('ConvTranspose', weights, context.inputs[2], channels * group);
    const sizes = resultSizes(x, axes, context.attributes);
    return [{ dtype: x.dtype, shape: [x.shape[0] ?? 0, channels * group, ...sizes] }];
  },
  gradient: ({ builder, node, inputs: [x, weights, bias], gradients: [g], wanted }) => {
    if (!g || !x || !weights) return [undefined];
    const convolution = convolutionOf('ConvTranspose', node.attributes, weights);
    const options = { ...windowOptions(convolution.axes), group: convolution.group };
    return [
      wanted[0] ? conv(builder, g, weights, undefined, options) : undefined,
      wanted[1] ? weightGradient(builder, g, x, convolution) : undefined,
      bias && wanted[2] ? biasGradient(builder, g) : undefined,
    ];
  },
  stack: stackConvolution,
};

function resultSizes(x: Value, axes: readonly WindowAxis[], attributes: Attributes): number[] {
  if (attributes['output_shape']) {
    throw new Error('ConvTranspose: output_shape is given, expected pads and output_padding');
  }
  const counts = imageSizes('ConvTranspose', x);
  if (counts.length !== axes.length) {
    throw new Error(
      `ConvTranspose: '${x.name}' has shape ${shapeText(x.shape)}, ` +
        `expected ${axes.length} sizes behind batch and channels`,
    );
  }
  const added = integers('ConvTranspose', attributes, 'output_padding', axes.length, 0);
  // The specification lets it grow up to the dilation too, the runtime does not.
  if (axes.some(({ stride }, index) => (added[index] ?? 0) >= stride)) {
    const { strides } = windowOptions(axes);
    throw new Error(
      `ConvTranspose: output_padding is ${shapeText(added)}, expected less than the strides ${shapeText(strides)}`,
    );
  }
  const sizes = axes.map(
    (axis, index) => windowsReach(axis, counts[index] ?? 0) + (added[index] ?? 0) - axis.begin - axis.end,
  );
  if (sizes.some((size) => size < 1)) {
    throw new Error(
      `ConvTranspose: pads ${shapeText(windowOptions(axes).pads)} leave ${shapeText(sizes)} ` +
        `of '${x.name}' ${shapeText(x.shape)}, expected sizes of 1 or more`,
    );
  }
  return sizes;
}
