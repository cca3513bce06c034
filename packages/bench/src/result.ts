import { z } from 'zod';

const bytes = z.int();
const micros = z.number().nonnegative();
export const providerSchema = z.enum(['cpu', 'cuda', 'webgpu']);
const provider = providerSchema;

/** The ratio of two latencies with its 95 % interval; below 1 is faster than the baseline. See {@link pairedRatio}. */
export const ratioSchema = z.object({
  ratio: z.number().positive(),
  low: z.number().nonnegative(),
  high: z.number().positive(),
});
const ratio = ratioSchema;

const latency = z.object({ p50: micros, p95: micros, p99: micros, mean: micros });

/** What a GPU's driver says of it at one moment. */
const gpuState = z.object({
  /** Clocks of the multiprocessors and of the memory, in MHz. */
  smClockMhz: z.number(),
  memoryClockMhz: z.number(),
  powerWatts: z.number(),
  temperatureCelsius: z.number(),
});

const timedBatch = z.object({
  /** Samples that one call of the model takes. */
  batch: z.int().positive(),
  /** Wall time of every measured call in microseconds: one array per repeat, in the order of the repeats, each
   * sorted ascending. */
  samplesMicros: z.array(z.array(micros).min(1)).min(1),
  /** The first calls of the session of each repeat, in their order, none of them a sample; absent in earlier results. */
  warmupMicros: z.array(z.array(micros)).optional(),
  /** Microseconds per call over the samples of all repeats. */
  latencyMicros: latency,
  /** The GPU before and after each repeat's block, in their order; absent where no driver tells. A reading is at most
   * 0.2 seconds old. */
  gpuStates: z.array(z.object({ before: gpuState, after: gpuState })).optional(),
  /** Samples (not calls) per second of calling the model without pause: batch / mean latency. */
  throughputPerSecond: z.number().nonnegative(),
});

const work = z.object({
  /** Operators that the runtime runs in one call. */
  operators: z.int().nonnegative(),
  /** Floating-point operations of one call; a multiplication and an addition are two. */
  operations: z.number().nonnegative(),
  /** Bytes that the operators of one call read and write. */
  bytes: z.number().nonnegative(),
});

const boundPart = z.enum(['call', 'operators', 'memory', 'compute', 'host transfer']);

const bound = work.extend({
  /** Bytes of the inputs and outputs of one call. */
  hostBytes: z.number().nonnegative(),
  /** What each part costs at least, from the ceilings: the call, starting its operators, moving, computing, carrying. */
  leastMicros: z.record(boundPart, micros),
  /** The largest part. */
  by: boundPart,
});

const ceilings = z.object({
  /** A call of a graph of one operator over one number, and each further operator. */
  callMicros: micros,
  operatorMicros: micros,
  /** Copying within the device, reads and writes counted, at working sets of these bytes. */
  copies: z.array(z.object({ bytes, bytesPerSecond: z.number().positive() })).min(1),
  /** Floating-point operations of products of large matrices. */
  operationsPerSecond: z.number().positive(),
  /** Inputs to the device; null where the CPU computes on them as they lie. */
  hostBytesPerSecond: z.number().positive().nullable(),
});

const ratedBatch = timedBatch.extend({
  /** Null when the baseline could not be timed at this batch size. Of the baseline itself it is exactly 1. */
  ratioToBaseline: ratio.nullable(),
  /** The ratio of what is above the empty graph's latency on both sides; null where nothing is. Absent in earlier
   * results. */
  ratioAboveFloor: ratio.nullable().optional(),
  /** What can be claimed; see {@link verdictOf}. Absent in earlier results and where there is no ratio. */
  verdict: z.enum(['faster', 'slower', 'same']).optional(),
  /** What a call has to do, and what of it bounds the time; absent in earlier results. See {@link boundOf}. */
  bound: bound.optional(),
});

/** Resident set sizes of one fresh process that loads one model. */
const memory = z.object({
  /** The runtime is loaded, the model is not. */
  beforeBytes: bytes,
  /** The model is loaded and has run once. */
  afterBytes: bytes,
  /** The highest value of the process's life. */
  peakBytes: bytes,
  /** From the start of the process until the runtime is loaded. This and the next two are absent in earlier results. */
  startMicros: micros.optional(),
  /** The first creation of a session in the process. */
  sessionCreationMicros: micros.optional(),
  /** The first call. */
  firstRunMicros: micros.optional(),
});

const model = z.object({
  /** Path as given. */
  file: z.string(),
  /** File name without `.onnx`; the path where two files share a name. */
  name: z.string(),
  provider,
  /** `tickets.encoding` of the model's metadata, such as `dense` or `compact`. */
  encoding: z.string().optional(),
  /** `tickets.density` of the model's metadata: share of the weights that survive, 0 to 1. */
  density: z.number().optional(),
  /**
   * Which operators ran where, from the runtime's own profile of one call at the smallest batch: operator types by the
   * provider that ran them, with how many nodes of each. What is not on the asked provider fell back to the CPU, with a
   * copy there and back. Absent for the provider cpu, which runs everything.
   */
  placement: z.record(z.string(), z.record(z.string(), z.int().positive())).optional(),
  /** Size of the file. */
  bytes,
  /** Resident memory after loading and one run of the smallest batch, less that of a process with the empty graph;
   * median over the processes in `memory`. Small models vanish in the noise, some 100 kB. */
  residentBytes: bytes,
  /** The same difference between the two processes' peaks. */
  peakResidentBytes: bytes,
  memory: z.array(memory),
  /** Wall time of each session creation from the file (which the operating system has cached by then). */
  sessionCreationMicros: z.array(micros),
  /** Accuracy of this graph on the data set's whole test split; absent when it cannot be told, see `notes`. */
  testAccuracy: z
    .object({ dataset: z.string(), accuracy: z.number().min(0).max(1), samples: z.int().positive() })
    .optional(),
  /**
   * How samples enter the model: every number written out, the numbers of words in the order of a text, or as a bag those
   * of the words that a text, or a whole batch, has, with what they count. Absent in earlier results, which are all dense.
   */
  inputForm: z.enum(['dense', 'sequence', 'bag', 'shared-bag']).optional(),
  /** What the timed calls were fed: samples of the test split, or seeded uniform noise. */
  inputs: z.enum(['test samples', 'noise']),
  batches: z.array(ratedBatch),
  /** What a reader should know about this row, as sentences. */
  notes: z.array(z.string()),
});

/** What figures depend on besides the models. */
export const environmentSchema = z.object({
  cpu: z.string(),
  /** Logical cores this process may use. */
  cores: z.int().positive(),
  memoryBytes: bytes,
  os: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  /** The GPU, where its driver tells of one and the provider is not the CPU. */
  gpu: z.object({ name: z.string(), driver: z.string(), memoryBytes: bytes }).optional(),
  /** Share of the cores that other processes used right before the benchmark, 0 to 1; absent where the system does
   * not tell. */
  otherCpuShare: z.number().min(0).max(1).optional(),
  /** Load over 1, 5 and 15 minutes; zeros on Windows, which has none. Right after a training
   * it is high although nothing runs any more. */
  loadAverageBefore: z.array(z.number()),
  loadAverageAfter: z.array(z.number()),
});

const benchResult = z.object({
  schema: z.literal(1),
  /** ISO 8601. */
  startedAt: z.string(),
  finishedAt: z.string(),
  environment: environmentSchema,
  options: z.object({
    provider,
    batches: z.array(z.int().positive()),
    repeats: z.int(),
    blockMillis: z.number(),
    warmupMillis: z.number(),
    maxSamplesPerBlock: z.int(),
    sessionCreations: z.int(),
    memoryProcesses: z.int(),
    /** Processes that the repeats were divided among; absent in earlier results, which are of one. */
    processes: z.int().positive().optional(),
    roofline: z.boolean().optional(),
    threads: z.int(),
    seed: z.int(),
  }),
  /** File that the ratios compare with. */
  baseline: z.string(),
  /** A graph of one `Identity` over `[batch, 1]`: what a call costs before any work is done. */
  floor: z.array(timedBatch),
  /** Memory of processes that load that graph. */
  floorMemory: z.array(memory),
  /** How fast the machine is at the parts that calls are made of; absent in earlier results. */
  ceilings: ceilings.optional(),
  /** The baseline against itself, a second session of the same file: what this machine shows as a ratio where there
   * is no difference. A model's ratio inside this interval is not a difference. */
  noise: z.array(ratedBatch),
  models: z.array(model).min(1),
  /** What casts doubt on the numbers, as sentences. */
  warnings: z.array(z.string()),
});

/** All that one benchmark measured; plain JSON. Units are in the names, every sample is kept. */
export type BenchResult = z.infer<typeof benchResult>;
export type BenchEnvironment = BenchResult['environment'];
export type ModelResult = z.infer<typeof model>;
export type TimedBatch = z.infer<typeof timedBatch>;
export type RatedBatch = z.infer<typeof ratedBatch>;
export type Latency = z.infer<typeof latency>;
export type Ratio = z.infer<typeof ratio>;
export type Work = z.infer<typeof work>;
export type Bound = z.infer<typeof bound>;
export type Ceilings = z.infer<typeof ceilings>;
export type GpuState = z.infer<typeof gpuState>;
/** Operator types by the provider that ran them, with the number of nodes of each. */
export type Placement = NonNullable<ModelResult['placement']>;
export type MemorySample = z.infer<typeof memory>;
/** Execution providers that can be measured. */
export type BenchProvider = z.infer<typeof provider>;

/**
 * A benchmark result from the contents of its JSON file.
 *
 * @param source what the contents came from, for messages: the file's path.
 * @throws Error when it is no benchmark result or has another schema version, naming the source and the first key
 *   that does not fit.
 */
export function parseBenchResult(json: unknown, source: string): BenchResult {
  const version = z.object({ schema: z.number() }).safeParse(json);
  if (version.success && version.data.schema !== 1) {
    throw new Error(
      `${source}: benchmark result of schema ${version.data.schema}, this version reads schema 1; measure again.`,
    );
  }
  const parsed = benchResult.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at '${issue.path.join('.')}'` : '';
  throw new Error(`${source}: not a benchmark result${where}: ${issue?.message ?? 'unreadable'}.`);
}
