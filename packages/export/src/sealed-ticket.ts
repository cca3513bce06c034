import type { Ticket } from '@winning-tickets/ticket';

/** A ticket as it was read, with the hash that seals its file. */
export type SealedTicket = Ticket & { readonly hash: string };
