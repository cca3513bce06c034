import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import { conv, shapeText, sizeOf, tensor, zeros } from '@winning-tickets/onnx';
import { z } from 'zod';
import { given } from '../../given.js';
import type { CompactionContext, Kept, LayerDefinition } from '../layer.js';
import { channelConstants, channelsOf, elementsOf, spread } from './channels.js';
import { paddingOf, perAxis, windowsOver } from './windows.js';

const optionsOf = (rank: number) =>
  z.strictObject({
    /** Output channels. */
    filters: z.int().min(1),
    kernel: perAxis(1, rank),
    stride: perAxis(1, rank).default(1),
    padding: paddingOf(rank).default(0),
    dilation: perAxis(1, rank).default(1),
    /** Groups of channels that know nothing of each other. */
    groups: z.int().min(1).default(1),
  });

type Options = z.output<ReturnType<typeof optionsOf>>;

/**
 * A convolution, `[channels, ...sizes]` to `[filters, ...sizes]`, over one or two axes of sizes.
 *
 * Parameters: `weight` `[filters, channels / groups, ...kernel]`, Gaussian Glorot initialisation; `bias` `[filters]`,
 * zero, never pruned.
 */
export function convolution(kind: string, rank: 1 | 2): LayerDefinition<ReturnType<typeof optionsOf>> {
  const windows = (options: Options, inputShape: readonly number[]) => windowsOver(options, inputShape, rank);
  return {
    kind,
    prefix: 'conv',
    options: optionsOf(rank),
    outputShape(options, inputShape) {
      const { outputSizes } = windows(options, inputShape);
      const { filters, groups } = options;
      const [channels = 0] = inputShape;
      if (channels % groups !== 0 || filters % groups !== 0) {
        throw new Error(
          `expects groups that divide its channels, found ${groups} groups over ${channels} channels and ` +
            `${filters} filters, input ${shapeText(inputShape)}`,
        );
      }
      return [filters, ...outputSizes];
    },
    parameters(options, inputShape) {
      const { kernel } = windows(options, inputShape);
      const { filters, groups } = options;
      const channels = (inputShape[0] ?? 0) / groups;
      const fan = { fanIn: channels * sizeOf(kernel), fanOut: (filters / groups) * sizeOf(kernel) };
      return [
        {
          name: 'weight',
          shape: [filters, channels, ...kernel],
          ...fan,
          initial: 'glorot-normal',
          prunable: true,
        },
        { name: 'bias', shape: [filters], ...fan, initial: 'zeros', prunable: false },
      ];
    },
    forward(builder: GraphBuilder, input: Value, { options, parameters }) {
      const { strides, pads, dilations } = windows(options, knownShape(input));
      const { groups: group } = options;
      const around = { strides, pads, dilations, group };
      return conv(builder, input, given(parameters, 'weight'), given(parameters, 'bias'), around);
    },
    outputAxis: 0,
    compaction: {
      // Groups of channels have no smaller form of the same kind: such a layer stays or goes as it is.
      ties: ({ options }) => (options.groups === 1 ? 'within-channels' : 'all'),
      constants: (context) => constants(context, windows(context.options, context.inputShape).pads),
      keptInputs: (keptOutputs, context) =>
        keptInputs(keptOutputs, context, windows(context.options, context.inputShape).pads),
      rebuild: (kept, context) => rebuild(kept, context),
    },
  };
}

// The shape behind the batch, whose sizes are known.
function knownShape({ shape: [, ...sizes] }: Value): number[] {
  return sizes.filter((size) => typeof size === 'number');
}

type Context = CompactionContext<Options>;

// What can be folded of each input channel: a constant that padding does not interrupt. Zero is what padding is.
function foldable({ inputConstants, inputShape }: Context, pads: readonly number[]): number[] {
  const padded = pads.some((pad) => pad > 0);
  return channelConstants(inputConstants, inputShape).map((value) => (padded && value !== 0 ? NaN : value));
}

// A filter is constant when every channel that reaches it is: its bias plus constants times sums of weights.
function constants(context: Context, pads: readonly number[]): Float64Array {
  const { options, parameters, outputShape } = context;
  if (options.groups > 1) return spread([], outputShape);
  const known = foldable(context, pads);
  const bias = given(parameters, 'bias').data;
  const values = Array.from({ length: options.filters }, (_, filter) =>
    known.reduce((sum, constant, channel) => {
      const weights = kernelOf(context, filter, channel);
      return weights.every((w) => w === 0) ? sum : sum + constant * total(weights);
    }, bias[filter] ?? NaN),
  );
  return spread(
    values.map((value) => (Number.isFinite(value) ? value : NaN)),
    outputShape,
  );
}

function keptInputs(keptOutputs: readonly number[], context: Context, pads: readonly number[]): number[] {
  const { inputShape, outputShape, options } = context;
  const filters = channelsOf(keptOutputs, outputShape);
  const channels = Array.from({ length: inputShape[0] ?? 0 }, (_, channel) => channel);
  if (options.groups > 1) return filters.length === 0 ? [] : elementsOf(channels, inputShape);
  const known = foldable(context, pads);
  const needed = channels.filter(
    (channel) =>
      Number.isNaN(known[channel]) &&
      filters.some((filter) => kernelOf(context, filter, channel).some((w) => w !== 0)),
  );
  return elementsOf(needed, inputShape);
}

function rebuild(kept: Kept, context: Context) {
  const { options, inputShape, outputShape, parameters, inputConstants } = context;
  if (options.groups > 1) return { options, parameters };
  const channels = channelsOf(kept.inputs, inputShape);
  const filters = channelsOf(kept.outputs, outputShape);
  const known = channelConstants(inputConstants, inputShape);
  const bias = given(parameters, 'bias').data;
  const folded = filters.map((filter) =>
    known.reduce(
      (sum, constant, channel) =>
        Number.isNaN(constant) || channels.includes(channel)
          ? sum
          : sum + constant * total(kernelOf(context, filter, channel)),
      bias[filter] ?? 0,
    ),
  );
  const [, , ...kernel] = given(parameters, 'weight').shape;
  const weight = zeros('float32', [filters.length, channels.length, ...kernel]);
  filters.forEach((filter, row) => {
    channels.forEach((channel, column) => {
      weight.data.set(kernelOf(context, filter, channel), (row * channels.length + column) * sizeOf(kernel));
    });
  });
  return {
    options: { ...options, filters: filters.length },
    parameters: { weight, bias: tensor('float32', [folded.length], Float32Array.from(folded)) },
  };
}

/** The weights between an input channel and a filter. */
function kernelOf({ parameters }: Context, filter: number, channel: number): Float32Array {
  const { data, shape }: Tensor<'float32'> = given(parameters, 'weight');
  const [, channels = 0, ...kernel] = shape;
  const size = sizeOf(kernel);
  const start = (filter * channels + channel) * size;
  return data.subarray(start, start + size);
}

function total(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
