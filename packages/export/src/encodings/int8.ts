import type { Encoding } from './encoding.js';
import { quantize, roundedValues } from './quantize.js';
import { roundedBase, roundedOptions } from './rounded-base.js';

/**
 * Weights and what they are multiplied by in eight bits, in the form that runtimes know to fuse (QDQ): quantised and at
 * once dequantised, so that a runtime without integer kernels computes the same in float32.
 *
 * Weights are symmetric with a scale per unit, so that pruned ones stay zero; activations have one scale each, from their
 * range on training samples. Tables of words keep eight bits until a row is picked.
 *
 * B. Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only inference" (2018).
 */
export const int8: Encoding = {
  name: 'int8',
  summary: 'rounded to eight bits (QDQ), calibrated on training samples: a quarter of the file',
  options: roundedOptions,
  tolerance: 0.1,
  accuracyTolerance: 0.01,
  calibrated(ticket, options) {
    const { graph, metadata } = roundedBase(ticket, options);
    return { graph, metadata, values: roundedValues(graph) };
  },
  build(ticket, options, ranges) {
    if (!ranges) throw new Error("encoding 'int8' needs training samples to see how large activations get");
    const { graph, metadata } = roundedBase(ticket, options);
    return { graph: quantize(graph, ranges), metadata };
  },
};
