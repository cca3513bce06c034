import type { SessionSetup } from './session.js';

/** What a memory process is asked to do, as the JSON of its only argument. */
export interface MemoryTask extends SessionSetup {
  readonly file: string;
  readonly inputName: string;
  /** Shape of the input of the one run, batch included. */
  readonly inputShape: readonly number[];
}

/** What it sends back before it ends. */
export type MemoryReply =
  | { readonly beforeBytes: number; readonly afterBytes: number; readonly peakBytes: number }
  | { readonly error: string };
