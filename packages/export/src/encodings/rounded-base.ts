import { suggestion } from '@winning-tickets/ticket';
import { bag } from './bag.js';
import { compact } from './compact.js';
import { dense } from './dense.js';
import type { EncodedGraph, Encoding, EncodingOptions, Subnetwork } from './encoding.js';
import { sharedBag } from './shared-bag.js';

/** The encodings whose weights can be rounded. */
const bases: readonly Encoding[] = [dense, compact, bag, sharedBag];

const names = bases.map(({ name }) => name);

/** The option of every encoding that rounds the weights of another. */
export const roundedOptions = {
  of: { summary: `the encoding whose weights are rounded: ${names.join(', ')}`, default: dense.name },
} as const;

/**
 * The graph that is rounded. Those over bags are of the smaller network, as nothing is gained from what has no effect.
 *
 * @throws Error when there is no such encoding, or it does not take the ticket's network.
 */
export function roundedBase(ticket: Subnetwork, { of }: EncodingOptions): EncodedGraph {
  const base = bases.find(({ name }) => name === of);
  if (!base) {
    const found = String(of);
    throw new Error(
      `option 'of' must be one of ${names.join(', ')}, found ${found}${suggestion(found, names)}`,
    );
  }
  const { graph, metadata } = base.build(ticket, { compact: true });
  return { graph, metadata: { ...metadata, of: base.name } };
}
