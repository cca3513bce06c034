import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import { shapeText } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { Compaction, LayerDefinition } from '../layer.js';
import { channelConstants, channelsOf, elementsOf, spread } from './channels.js';
import type { Windows } from './windows.js';
import { paddingOf, perAxis, windowsOver } from './windows.js';

// A window over sequences or images: how many axes it has says the input.
const options = z.strictObject({
  kernel: z.union([perAxis(1, 1), perAxis(1, 2)]),
  /** As far as the kernel reaches, when left out. */
  stride: z.union([perAxis(1, 1), perAxis(1, 2)]).exactOptional(),
  padding: z.union([paddingOf(1), paddingOf(2)]).default(0),
});

type Options = z.output<typeof options>;

/**
 * A layer that makes one element of each window, channel by channel: `[channels, ...sizes]` to `[channels, ...smaller
 * sizes]`.
 *
 * @param carries whether a channel that is the same everywhere comes out so, given whether there is padding.
 */
export function pooling(
  kind: string,
  operator: (builder: GraphBuilder, input: Value, windows: Windows) => Value,
  carries: (constant: number, padded: boolean) => boolean,
): LayerDefinition<typeof options> {
  const windows = ({ kernel, stride = kernel, padding }: Options, inputShape: readonly number[]) => {
    const rank = Math.min(2, Math.max(1, inputShape.length - 1));
    const spec = { kernel, stride, padding };
    for (const [key, value] of Object.entries(spec)) {
      const wanted = key === 'padding' ? 2 * rank : rank;
      if (typeof value === 'object' && value.length !== wanted) {
        throw new Error(
          `expects ${wanted} numbers as its ${key} for an input of ${shapeText(inputShape)}, found ${shapeText(value)}`,
        );
      }
    }
    return windowsOver(spec, inputShape, rank);
  };
  return {
    kind,
    prefix: 'pool',
    options,
    outputShape: (own, inputShape) => [inputShape[0] ?? 0, ...windows(own, inputShape).outputSizes],
    parameters: () => [],
    forward: (builder, input, { options: own }) => {
      const [, ...sizes] = input.shape;
      return operator(
        builder,
        input,
        windows(
          own,
          sizes.filter((size) => typeof size === 'number'),
        ),
      );
    },
    compaction: {
      ...channelByChannel,
      constants({ options: own, inputShape, outputShape, inputConstants }) {
        const padded = windows(own, inputShape).pads.some((pad) => pad > 0);
        const known = channelConstants(inputConstants, inputShape);
        return spread(
          known.map((value) => (carries(value, padded) ? value : NaN)),
          outputShape,
        );
      },
    },
  };
}

/** Hooks of a layer whose channels have nothing to do with each other and that has no parameters. */
export const channelByChannel: Pick<
  Compaction<Readonly<Record<string, unknown>>>,
  'ties' | 'keptInputs' | 'rebuild'
> = {
  ties: () => 'channels',
  keptInputs: (keptOutputs, { inputShape, outputShape }) =>
    elementsOf(channelsOf(keptOutputs, outputShape), inputShape),
  rebuild: (_kept, { options: own }) => ({ options: own, parameters: {} }),
};
