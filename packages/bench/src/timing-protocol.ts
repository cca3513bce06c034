import type { BenchProgress } from './options.js';
import type { BenchResult, TimedBatch } from './result.js';

/** What a process that times models is asked to do, as the JSON of its only argument. */
export interface TimingTask {
  readonly files: readonly string[];
  /** One of the files. */
  readonly baseline: string;
  readonly floor: string;
  readonly settings: BenchResult['options'];
  readonly batches: readonly number[];
  readonly dataDirectory?: string | undefined;
}

/** What it sends: progress as it goes, in the end the times or why there are none. */
export type TimingReply =
  | { readonly progress: BenchProgress }
  | { readonly timed: readonly (readonly TimedBatch[])[] }
  | { readonly error: string };
