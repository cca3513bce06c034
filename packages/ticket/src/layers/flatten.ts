import { flatten as operator, sizeOf } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({});

/** All elements of a sample in one dimension, row-major. */
export const flatten: LayerDefinition<typeof options> = {
  kind: 'flatten',
  prefix: 'flatten',
  options,
  outputShape: (_options, inputShape) => [sizeOf(inputShape)],
  parameters: () => [],
  forward: (builder, input) => operator(builder, input),
  compaction: {
    ties: () => 'elements',
    constants: ({ inputConstants }) => inputConstants,
    keptInputs: (keptOutputs) => keptOutputs,
    rebuild: ({ flatInput }) => (flatInput ? undefined : { options: {}, parameters: {} }),
  },
};
