import type { EncodedGraph, Encoding, EncodingOptions, Subnetwork } from './encoding.js';
import { poolFirst } from './pool-first.js';
import { quantize, roundedValues } from './quantize.js';
import { roundedBase, roundedOptions } from './rounded-base.js';

/**
 * Weights and what they are multiplied by in eight bits, in the form that runtimes know to fuse (QDQ): quantised and at
 * once dequantised, so that a runtime without integer kernels computes the same in float32.
 *
 * Weights are symmetric with a scale per unit, so that pruned ones stay zero; activations have one scale each, from their
 * range on training samples. Tables of words keep eight bits until a row is picked. Convolutions over few channels stay in
 * float32 (see `products.ts`).
 *
 * Biases are in 32 bits with the scale of the products. As float32 they would be no better: the runtime makes them so by itself,
 * for every provider, and added by an operator of their own they keep convolutions in float32. A provider without kernels
 * for that should dequantise all constants when it loads the model: option `session.disable_quant_qdq` of the runtime.
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
    const { graph, metadata } = base(ticket, options);
    return { graph, metadata, values: roundedValues(graph) };
  },
  build(ticket, options, ranges) {
    if (!ranges) throw new Error("encoding 'int8' needs training samples to see how large activations get");
    const { graph, metadata } = base(ticket, options);
    return { graph: quantize(graph, ranges), metadata };
  },
};

function base(ticket: Subnetwork, options: EncodingOptions): EncodedGraph {
  const { graph, metadata } = roundedBase(ticket, options);
  return { graph: poolFirst(graph), metadata };
}
