import { dropoutMask, mul } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({
  /** Share of the elements that are set to zero in training. */
  rate: z.number().min(0).lt(1),
});

/**
 * Sets elements to zero by chance while it trains, and scales the others by `1 / (1 - rate)` (Srivastava et al. 2014).
 * Evaluated, it is the identity, and exports leave it out.
 */
export const dropout: LayerDefinition<typeof options> = {
  kind: 'dropout',
  prefix: 'dropout',
  options,
  random: true,
  onlyInTraining: true,
  outputShape: (_options, inputShape) => inputShape,
  parameters: () => [],
  forward: (builder, input, { options: { rate }, training }) =>
    training && rate > 0
      ? mul(builder, input, dropoutMask(builder, input, { rate, seed: training.seed }))
      : input,
  compaction: {
    ties: () => 'elements',
    constants: ({ inputConstants }) => inputConstants,
    keptInputs: (keptOutputs) => keptOutputs,
    rebuild: () => undefined,
  },
};
