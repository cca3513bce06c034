import type { Encoding } from './encoding.js';
import { wholeNetwork } from './whole-network.js';

/** Every weight in full, the pruned ones as zeros: what other encodings are compared with. */
export const dense: Encoding = {
  name: 'dense',
  summary: 'the full matrices, zeros written out; the baseline',
  options: {},
  tolerance: 0,
  build: (ticket) => wholeNetwork(ticket, (builder, name, values) => builder.initializer(name, values)),
};
