import { reshape as operator, shapeText, sizeOf } from '@winning-tickets/onnx';
import { z } from 'zod';
import type { LayerDefinition } from './layer.js';

const options = z.strictObject({
  /** Of one sample. */
  shape: z.array(z.int().min(1)).min(1).readonly(),
});

/** The same elements, row-major, in another shape: `[28, 28]` as `[1, 28, 28]` for a convolution. */
export const reshape: LayerDefinition<typeof options> = {
  kind: 'reshape',
  prefix: 'reshape',
  options,
  outputShape({ shape }, inputShape) {
    if (sizeOf(shape) !== sizeOf(inputShape)) {
      throw new Error(
        `expects as many elements as its shape ${shapeText(shape)} has, ${sizeOf(shape)}, ` +
          `found ${shapeText(inputShape)} with ${sizeOf(inputShape)}`,
      );
    }
    return shape;
  },
  parameters: () => [],
  forward: (builder, input, { options: { shape } }) => operator(builder, input, [-1, ...shape]),
  compaction: {
    ties: () => 'elements',
    constants: ({ inputConstants }) => inputConstants,
    keptInputs: (keptOutputs) => keptOutputs,
    // What is kept is whole channels where a layer behind needs the shape; elsewhere it is a flat list.
    rebuild({ outputs }, { options: { shape } }) {
      const count = outputs.length;
      const [, ...sizes] = shape;
      const fits = count % sizeOf(sizes) === 0;
      return { options: { shape: fits ? [count / sizeOf(sizes), ...sizes] : [count] }, parameters: {} };
    },
  },
};
