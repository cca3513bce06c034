import type { GraphBuilder, Tensor, Value } from '@winning-tickets/onnx';
import { add, constantLike, div, mul, reduceMean, reshape, sqrt, sub, tensor } from '@winning-tickets/onnx';
import { z } from 'zod';
import { given } from '../given.js';
import type { LayerDefinition } from './layer.js';
import { channelConstants, channelsOf, elementsOf, spread } from './shared/channels.js';

const options = z.strictObject({
  /** Weight of the past in the running mean and variance. */
  momentum: z.number().min(0).lt(1).default(0.9),
  /** Added to the variance. */
  epsilon: z.number().gt(0).default(1e-5),
});

/**
 * Batch normalisation (Ioffe & Szegedy 2015): each channel (or feature) is brought to mean 0 and variance 1 over the
 * batch, then scaled and shifted. Evaluated, it uses running means of both.
 *
 * Parameters: `scale`, ones, and `bias`, zeros, both `[channels]` and never pruned. Buffers: `mean` and `variance`,
 * `[channels]`: after each step `momentum` times the old value plus the rest times that of the batch. The variance is
 * that of the batch itself, divided by n; PyTorch's running one is larger by n / (n - 1).
 */
export const batchnorm: LayerDefinition<typeof options> = {
  kind: 'batchnorm',
  prefix: 'bn',
  options,
  outputShape: (_options, inputShape) => inputShape,
  parameters: (_options, [channels = 0]) => {
    const fan = { fanIn: 1, fanOut: 1, prunable: false };
    return [
      { name: 'scale', shape: [channels], ...fan, initial: 'ones' },
      { name: 'bias', shape: [channels], ...fan, initial: 'zeros' },
    ];
  },
  buffers: (_options, [channels = 0]) => [
    { name: 'mean', shape: [channels], initial: 'zeros' },
    { name: 'variance', shape: [channels], initial: 'ones' },
  ],
  forward(builder, input, { options: { momentum, epsilon }, parameters, training }) {
    const beside = (value: Value) => besideChannels(builder, value, input);
    const scale = beside(given(parameters, 'scale'));
    const bias = beside(given(parameters, 'bias'));
    const runningMean = given(parameters, 'mean');
    const runningVariance = given(parameters, 'variance');
    if (!training) {
      const deviation = sqrt(builder, add(builder, runningVariance, constantLike(builder, scale, epsilon)));
      const factor = div(builder, scale, beside(deviation));
      return add(builder, mul(builder, sub(builder, input, beside(runningMean)), factor), bias);
    }
    const axes = input.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    const mean = reduceMean(builder, input, axes, true);
    const centred = sub(builder, input, mean);
    const variance = reduceMean(builder, mul(builder, centred, centred), axes, true);
    const moved = (running: Value, now: Value) =>
      add(
        builder,
        mul(builder, running, constantLike(builder, running, momentum)),
        mul(builder, reshape(builder, now, running.shape), constantLike(builder, running, 1 - momentum)),
      );
    training.setBuffer('mean', moved(runningMean, mean));
    training.setBuffer('variance', moved(runningVariance, variance));
    const deviation = sqrt(builder, add(builder, variance, constantLike(builder, variance, epsilon)));
    return add(builder, mul(builder, centred, div(builder, scale, deviation)), bias);
  },
  channelwise,
  compaction: {
    ties: () => 'channels',
    constants({ options: own, parameters, inputConstants, inputShape }) {
      const { factors, summands } = channelwise(own, parameters);
      const known = channelConstants(inputConstants, inputShape).map(
        (value, channel) => value * (factors[channel] ?? NaN) + (summands[channel] ?? NaN),
      );
      return spread(known, inputShape);
    },
    keptInputs: (keptOutputs, { inputShape }) => elementsOf(channelsOf(keptOutputs, inputShape), inputShape),
    rebuild({ outputs }, { options: own, parameters, inputShape }) {
      const channels = channelsOf(outputs, inputShape);
      const rebuilt = Object.entries(parameters).map(([name, { data }]) => [
        name,
        tensor(
          'float32',
          [channels.length],
          Float32Array.from(channels, (channel) => data[channel] ?? 0),
        ),
      ]);
      return {
        options: own,
        parameters: Object.fromEntries(rebuilt) as Record<string, ReturnType<typeof tensor<'float32'>>>,
      };
    },
  },
};

/** What evaluation does to each channel, in double precision. */
function channelwise(
  { epsilon }: z.output<typeof options>,
  parameters: Readonly<Record<string, Tensor<'float32'>>>,
): { factors: Float64Array; summands: Float64Array } {
  const of = (name: string, channel: number) => given(parameters, name).data[channel] ?? NaN;
  const factors = Float64Array.from(
    given(parameters, 'scale').data,
    (scale, channel) => scale / Math.sqrt(of('variance', channel) + epsilon),
  );
  const summands = factors.map((factor, channel) => of('bias', channel) - of('mean', channel) * factor);
  return { factors, summands };
}

/** `[channels]` as `[channels, 1, …]`, so that it broadcasts over an input `[batch, channels, ...sizes]`. */
function besideChannels(builder: GraphBuilder, value: Value, input: Value): Value {
  const axes = input.shape.slice(2).map(() => 1);
  return axes.length === 0 ? value : reshape(builder, value, [...value.shape, ...axes]);
}
