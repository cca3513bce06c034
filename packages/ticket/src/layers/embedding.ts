import { gather, shapeText, sizeOf, transpose, zeros } from '@winning-tickets/onnx';
import { z } from 'zod';
import { given } from '../given.js';
import type { LayerDefinition } from './layer.js';
import { channelsOf } from './shared/channels.js';

const options = z.strictObject({
  /** How many different indices there are: 0 to this less one. */
  vocabulary: z.int().min(1),
  /** Numbers that stand for an index. */
  size: z.int().min(1),
});

/**
 * A vector for each index of a sequence: `[length]`, int32, to `[size, length]`, channels first as convolutions want
 * them.
 *
 * Parameter: `weight` `[vocabulary, size]`, Gaussian of variance `2 / (1 + size)`: an index reaches `size` outputs, and
 * each of those sees one index.
 */
export const embedding: LayerDefinition<typeof options> = {
  kind: 'embedding',
  prefix: 'embedding',
  options,
  inputDType: 'int32',
  outputShape({ size }, inputShape) {
    const [length] = inputShape;
    if (length === undefined || inputShape.length !== 1) {
      throw new Error(`expects a sequence of indices, one dimension, found shape ${shapeText(inputShape)}`);
    }
    return [size, length];
  },
  parameters: ({ vocabulary, size }) => [
    {
      name: 'weight',
      shape: [vocabulary, size],
      fanIn: 1,
      fanOut: size,
      initial: 'glorot-normal',
      prunable: true,
    },
  ],
  forward: (builder, input, { parameters }) =>
    transpose(builder, gather(builder, given(parameters, 'weight'), input), [0, 2, 1]),
  compaction: {
    ties: () => 'outputs-within-channels',
    // A column of zeros is zero whatever the index.
    constants({ parameters, options: { size }, outputShape }) {
      const { data } = given(parameters, 'weight');
      const used = new Set<number>();
      data.forEach((w, index) => {
        if (w !== 0) used.add(index % size);
      });
      const length = sizeOf(outputShape) / size;
      return Float64Array.from({ length: size * length }, (_, element) =>
        used.has(Math.floor(element / length)) ? NaN : 0,
      );
    },
    keptInputs: (keptOutputs, { inputShape }) =>
      keptOutputs.length === 0 ? [] : Array.from({ length: sizeOf(inputShape) }, (_, index) => index),
    rebuild({ outputs }, { options: own, parameters, outputShape }) {
      const columns = channelsOf(outputs, outputShape);
      const { data } = given(parameters, 'weight');
      const weight = zeros('float32', [own.vocabulary, columns.length]);
      for (let row = 0; row < own.vocabulary; row++) {
        columns.forEach((column, place) => {
          weight.data[row * columns.length + place] = data[row * own.size + column] ?? 0;
        });
      }
      return {
        options: { ...own, size: columns.length },
        parameters: { weight },
      };
    },
  },
};
