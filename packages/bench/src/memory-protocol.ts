import type { MemorySample } from './result.js';
import type { SessionSetup } from './session.js';

/** What a memory process is asked to do, as the JSON of its only argument. */
export interface MemoryTask extends SessionSetup {
  readonly file: string;
  /** The inputs of the one run by name; shapes include the batch. All values are zero. */
  readonly inputs: Readonly<Record<string, MemoryInput>>;
}

export interface MemoryInput {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
}

/** What it sends back before it ends. */
export type MemoryReply = MemorySample | { readonly error: string };
