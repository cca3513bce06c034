import type { BenchProvider, BenchResult } from './result.js';

/** Where a benchmark stands. */
export interface BenchProgress {
  readonly stage: 'accuracy' | 'memory' | 'session' | 'latency';
  /** Units of this stage done so far, of `total`. */
  readonly done: number;
  readonly total: number;
  /** What was just measured. */
  readonly label: string;
}

/** What to measure. Only the files and the seed have no default. */
export interface BenchOptions {
  /** Paths of `.onnx` files, each once. */
  readonly files: readonly string[];
  /** Seed of the order of measurement and of what models are fed; a 32-bit integer. */
  readonly seed: number;
  /** One of the files: what the ratios compare with. Default: the first whose `tickets.encoding` is `dense`, else
   * the first. */
  readonly baseline?: string | undefined;
  /** Batch sizes. Default 1, 32 and 256. */
  readonly batches?: readonly number[] | undefined;
  /** Blocks of each model and batch size, each of a session of its own; the intervals come from their spread. At least 2,
   * default 10. */
  readonly repeats?: number | undefined;
  /** Measured time of one block in milliseconds. Default 100. */
  readonly blockMillis?: number | undefined;
  /** Calls of each new session at each batch size before its block, in milliseconds; each block also begins with a tenth of
   * its time unmeasured. Default 50. */
  readonly warmupMillis?: number | undefined;
  /** A block ends early when it has this many samples. Default 2,000. */
  readonly maxSamplesPerBlock?: number | undefined;
  /** Sessions created of each model to time it, after one unmeasured. Default 5. */
  readonly sessionCreations?: number | undefined;
  /** Processes that load each model to measure memory, one at a time. Default 3. */
  readonly memoryProcesses?: number | undefined;
  /** Processes that divide the repeats among them, each of at least one repeat. Default 1: everything is timed in this
   * process. */
  readonly processes?: number | undefined;
  /** Whether to look at what bounds each row: profiles the models and measures how fast the machine is at the parts of a
   * call, some seconds. Off the CPU the profiles are made in any case, to see what ran where. Default true. */
  readonly roofline?: boolean | undefined;
  /** Threads inside one operator. Default 1. */
  readonly threads?: number | undefined;
  /** What runs the models. Default: `cpu`. */
  readonly provider?: BenchProvider | undefined;
  /** Where the data sets lie that the models name. Default: the copies that are installed. */
  readonly data?: { readonly directory?: string | undefined } | undefined;
  readonly onProgress?: ((progress: BenchProgress) => void) | undefined;
  /** Aborts between two measurements with the signal's reason; nothing is returned then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The options with their defaults.
 *
 * @throws Error in one sentence naming the option that is out of range.
 */
export function resolveOptions(options: BenchOptions): BenchResult['options'] {
  const { files, baseline, batches = [1, 32, 256] } = options;
  if (files.length === 0) throw new Error('there is no file to measure; name at least one .onnx file.');
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new Error(`${twice}: this file is named twice; name each file once.`);
  if (baseline !== undefined && !files.includes(baseline)) {
    throw new Error(`the baseline ${baseline} is not among the measured files: ${files.join(', ')}.`);
  }
  if (batches.length === 0 || new Set(batches).size !== batches.length) {
    throw new Error(`batches must be different sizes, at least one, found [${batches.join(', ')}].`);
  }
  for (const batch of batches) integerFrom('batches', batch, 1);
  const repeats = integerFrom('repeats', options.repeats ?? 10, 2);
  const processes = integerFrom('processes', options.processes ?? 1, 1);
  if (processes > repeats) {
    throw new Error(
      `processes must be at most the repeats, which they divide among them: found ${processes} for ${repeats}.`,
    );
  }
  return {
    provider: options.provider ?? 'cpu',
    batches: [...batches],
    repeats,
    processes,
    roofline: options.roofline ?? true,
    blockMillis: positive('blockMillis', options.blockMillis ?? 100),
    warmupMillis: positive('warmupMillis', options.warmupMillis ?? 50),
    maxSamplesPerBlock: integerFrom('maxSamplesPerBlock', options.maxSamplesPerBlock ?? 2000, 3),
    sessionCreations: integerFrom('sessionCreations', options.sessionCreations ?? 5, 1),
    memoryProcesses: integerFrom('memoryProcesses', options.memoryProcesses ?? 3, 1),
    threads: integerFrom('threads', options.threads ?? 1, 1),
    seed: seedFrom(options.seed),
  };
}

function integerFrom(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} must be an integer of at least ${least}, found ${value}.`);
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${name} must be a positive number, found ${value}.`);
}

function seedFrom(value: number): number {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32) return value;
  throw new Error(`seed must be a 32-bit integer, found ${value}.`);
}
