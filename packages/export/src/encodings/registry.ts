import type { Ticket } from '@winning-tickets/ticket';
import { resolveNetwork, suggestion } from '@winning-tickets/ticket';
import { bag } from './bag.js';
import { compact } from './compact.js';
import { dense } from './dense.js';
import type { Encoding } from './encoding.js';
import { fp16 } from './fp16.js';
import { gather } from './gather.js';
import { gatherTransposed } from './gather-transposed.js';
import { int8 } from './int8.js';
import { sharedBag } from './shared-bag.js';
import { sparse } from './sparse.js';

/** Every encoding. A new one is a file of its own and a line here. */
export const encodings: readonly Encoding[] = [
  dense,
  sparse,
  compact,
  gather,
  gatherTransposed,
  bag,
  sharedBag,
  fp16,
  int8,
];

/** The names that encodings have. */
export function encodingNames(): string[] {
  return encodings.map(({ name }) => name);
}

/** The encodings that take a ticket's network. */
export function encodingsFor({ metadata }: Pick<Ticket, 'metadata'>): readonly Encoding[] {
  const network = resolveNetwork(metadata.network);
  return encodings.filter(({ unfit }) => unfit?.(network) === undefined);
}

/** @throws Error for an unknown name, naming the nearest known one. */
export function encodingNamed(name: string): Encoding {
  const encoding = encodings.find((known) => known.name === name);
  if (!encoding) throw new Error(`unknown encoding '${name}'${suggestion(name, encodingNames())}`);
  return encoding;
}
