import { Bench } from 'tinybench';

/** How one block is measured. */
export interface BlockOptions {
  /** Measured time after which the block ends, in milliseconds. */
  readonly blockMillis: number;
  /** Calls before measuring, to bring caches and branch predictors back after another model ran. */
  readonly warmupMillis: number;
  /** Number of samples after which the block ends even if its time is not used up. */
  readonly maxSamples: number;
}

/** Fewest samples of a block, however long they take. */
const MIN_SAMPLES = 3;
const MIN_WARMUP_CALLS = 2;

/**
 * Wall times of repeated calls in microseconds, ascending, resolved to a nanosecond.
 *
 * One sample is one call, awaited, so that tails are those of single calls; it includes the turn of the event loop
 * that an awaited call costs. A block of a fast call ends at `maxSamples`, before its time is over.
 *
 * @throws whatever the call throws.
 */
export async function measureBlock(call: () => Promise<unknown>, options: BlockOptions): Promise<number[]> {
  const full = new AbortController();
  let samples = 0;
  const bench = new Bench({
    time: options.blockMillis,
    iterations: MIN_SAMPLES,
    warmup: true,
    warmupTime: options.warmupMillis,
    warmupIterations: MIN_WARMUP_CALLS,
    retainSamples: true,
    throws: true,
    timestampProvider: 'hrtimeNow',
  });
  bench.add('call', call, {
    async: true,
    signal: full.signal,
    afterEach(mode) {
      if (mode === 'run' && ++samples >= options.maxSamples) full.abort();
    },
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed' && result?.state !== 'aborted-with-statistics') {
    throw new Error(`a measured block ended as '${result?.state ?? 'not run'}', expected samples`);
  }
  return (result.latency.samples ?? []).map((millis) => Math.round(millis * 1e6) / 1e3);
}
