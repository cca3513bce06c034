import { forward } from '@winning-tickets/ticket';
import { compactedInput } from './compacted-input.js';
import type { Encoding } from './encoding.js';

/**
 * The smaller network that is left when inputs and units without effect are removed; what remains is dense.
 *
 * It computes the same function, but adds up in another order, hence the tolerance.
 *
 * Picking the live inputs out of a sample has its price, and a dead input costs no more than its row of the first
 * layer. So they are picked only where enough are dead; elsewhere the first layer keeps a row of zeros for each dead
 * input. Units go in any case. Their numbers may be odd: padding them to multiples of 8 or 16, the width of the
 * runtime's kernels, was measured and gained nothing.
 */
export const compact: Encoding = {
  name: 'compact',
  summary: 'units without effect removed, and inputs where that pays; the rest dense',
  options: {
    liveInputs: {
      summary: "take only the inputs that matter, listed in the model's metadata, instead of whole samples",
      default: false,
    },
  },
  tolerance: 1e-4,
  build(ticket, options) {
    const liveInputs = options['liveInputs'] === true ? 'only' : 'picked';
    const { builder, network, parameters, taken, metadata } = compactedInput(ticket, liveInputs);
    const values = Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, builder.initializer(name, tensor)]),
    );
    builder.output(forward(builder, network, taken, values), 'logits');
    return { graph: builder.build(), metadata };
  },
};
