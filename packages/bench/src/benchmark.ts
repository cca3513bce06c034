import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testAccuracy } from './accuracy.js';
import { boundOf } from './bound.js';
import { ceilingsOf } from './ceilings.js';
import { describeEnvironment, finalLoad, machineWarnings } from './environment.js';
import { describeGpu } from './gpu-state.js';
import { writeFloorModel } from './floor-model.js';
import type { Feeds } from './inputs.js';
import { measureMemory, memoryAbove } from './memory.js';
import type { MemoryTask } from './memory-protocol.js';
import { batchesOf, checkBatchFits, readModelFiles } from './model-file.js';
import type { ModelFile } from './model-file.js';
import { resolveOptions } from './options.js';
import type { BenchOptions } from './options.js';
import { placementOf, strayed } from './placement.js';
import { profileCall } from './profile.js';
import type { ProfiledNode } from './profile.js';
import { randomStream } from './random.js';
import type { BenchResult, Ceilings, MemorySample, ModelResult, RatedBatch, TimedBatch } from './result.js';
import { interleave } from './schedule.js';
import { checkProvider, createSession } from './session.js';
import { rate } from './rate.js';
import { findTestSamples } from './test-data.js';
import type { FoundTestSamples } from './test-data.js';
import { inputsOf, timeModels } from './timing.js';
import type { TimedModels } from './timing.js';
import { timeInProcesses } from './timing-processes.js';
import { workOf } from './work.js';

type Settings = BenchResult['options'];
type Hooks = Pick<BenchOptions, 'onProgress' | 'signal'>;

/** The operators of one call at a batch size, and the bytes it is fed. */
interface ProfiledBatch {
  readonly batch: number;
  readonly nodes: readonly ProfiledNode[];
  readonly hostBytes: number;
}

/**
 * Measures ONNX files side by side: latency and throughput per batch size with ratios to a baseline, session creation
 * time, resident memory, file size, and accuracy on the test split where a file's metadata names its data set.
 *
 * Timed blocks of all models are interleaved in a seeded random order ({@link interleave}). Beside the models run an
 * empty graph, the floor of what a call costs, and the baseline a second time, which shows how large a ratio this
 * machine makes out of nothing. Memory is measured in a process per model. Every sample is in the result.
 *
 * @throws Error in one sentence when an option is out of range or a file cannot be measured: missing, no ONNX model,
 *   other inputs than one tensor
 *   with a batch axis or words and weights, or refused by the runtime.
 * @throws the signal's reason when it aborts.
 */
export async function benchmark(options: BenchOptions): Promise<BenchResult> {
  const settings = resolveOptions(options);
  const models = await readModelFiles(options.files);
  const baseline = baselineOf(models, options.baseline);
  const batches = measuredBatches(models, settings.batches);
  const startedAt = new Date().toISOString();
  const onGpu = settings.provider !== 'cpu';
  const gpu = onGpu ? await describeGpu() : undefined;
  const environment = { ...(await describeEnvironment(options.signal)), ...(gpu && { gpu }) };
  const folder = await mkdtemp(join(tmpdir(), 'winning-tickets-bench-'));
  try {
    const floor = await writeFloorModel(folder);
    await checkProvider(floor.file, settings);
    const found = await findTestSamples(models, options.data?.directory);
    const memory = await measureAllMemory([floor, ...models], [undefined, ...found], settings, options);
    const creations = await timeCreations(models, settings, options);
    const { roofline = true } = settings;
    const profiles = roofline || onGpu ? await profileAll(models, found, settings, options.signal) : [];
    const ceilings = roofline ? await ceilingsOf(folder, settings) : undefined;
    const accuracies = await measureAccuracies(models, found, settings, options);
    const lanes = await timeAll({ models, baseline, floor, found, batches }, settings, options);
    const floorMemory = memory[0] ?? [];
    const baselineBatches = lanes[models.indexOf(baseline)] ?? [];
    const floorBatches = lanes[models.length + 1] ?? [];
    const noise = rate(lanes[models.length] ?? [], baselineBatches, floorBatches);
    const results = models.map((model, index): ModelResult => {
      const samples = memory[index + 1] ?? [];
      const accuracy = accuracies[index];
      const reason = found[index];
      const placement = onGpu ? placementOf(profiles[index]?.[0]?.nodes ?? []) : undefined;
      return {
        file: model.file,
        name: model.name,
        provider: settings.provider,
        ...ticketFacts(model),
        ...(placement && { placement }),
        bytes: model.bytes,
        ...memoryAbove(samples, floorMemory),
        memory: samples,
        sessionCreationMicros: creations[index] ?? [],
        ...(accuracy && { testAccuracy: accuracy }),
        inputForm: model.input.form,
        inputs: typeof reason === 'string' ? 'noise' : 'test samples',
        batches: rate(lanes[index] ?? [], baselineBatches, floorBatches, noise).map((row) => ({
          ...row,
          ...(ceilings && boundAt(row.batch, profiles[index] ?? [], ceilings)),
        })),
        notes: [
          ...notesOf(model, reason, lanes[index] ?? []),
          ...[placement && strayed(placement, settings.provider)].filter((note) => note !== undefined),
        ],
      };
    });
    return {
      schema: 1,
      startedAt,
      finishedAt: new Date().toISOString(),
      environment: { ...environment, loadAverageAfter: finalLoad() },
      options: settings,
      baseline: baseline.file,
      floor: floorBatches,
      floorMemory,
      ...(ceilings && { ceilings }),
      noise,
      models: results,
      warnings: [...machineWarnings(environment, settings), ...noiseWarnings(noise)],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function baselineOf(models: readonly ModelFile[], file: string | undefined): ModelFile {
  const chosen =
    models.find((model) => model.file === file) ??
    models.find(({ metadata }) => metadata['tickets.encoding'] === 'dense') ??
    models[0];
  if (!chosen) throw new Error('there is no file to measure; name at least one .onnx file.');
  return chosen;
}

/** All batch sizes that some model is measured at, ascending. */
function measuredBatches(models: readonly ModelFile[], batches: readonly number[]): number[] {
  for (const model of models) {
    for (const batch of batchesOf(model.input, batches)) checkBatchFits(model, batch);
  }
  return [...new Set(models.flatMap(({ input }) => batchesOf(input, batches)))].sort((a, b) => a - b);
}

// The processes of all models take turns too, so that a change of the machine's state hits all of them.
async function measureAllMemory(
  models: readonly ModelFile[],
  found: readonly (FoundTestSamples | undefined)[],
  settings: Settings,
  { onProgress, signal }: Hooks,
): Promise<MemorySample[][]> {
  const samples = new Map(models.map((model) => [model, new Array<MemorySample>()]));
  const blocks = interleave(models, settings.memoryProcesses, randomStream(settings.seed));
  for (const [index, { item }] of blocks.entries()) {
    signal?.throwIfAborted();
    const batch = Math.min(...batchesOf(item.input, settings.batches));
    const task = {
      file: item.file,
      inputs: memoryInputs(inputsOf(item, found[models.indexOf(item)], [batch], settings).get(batch)?.[0]),
      provider: settings.provider,
      threads: settings.threads,
    };
    samples.get(item)?.push(await measureMemory(task, signal));
    onProgress?.({ stage: 'memory', done: index + 1, total: blocks.length, label: item.name });
  }
  return [...samples.values()];
}

function memoryInputs(feeds: Feeds = {}): MemoryTask['inputs'] {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims }]) => [
      name,
      { dtype: type === 'int32' ? type : 'float32', shape: dims },
    ]),
  );
}

async function timeCreations(
  models: readonly ModelFile[],
  settings: Settings,
  { onProgress, signal }: Hooks,
): Promise<number[][]> {
  const micros = new Map(models.map((model) => [model, new Array<number>()]));
  // The first creation of each also reads the file from the disk; it is not counted.
  const blocks = interleave(models, settings.sessionCreations + 1, randomStream(settings.seed));
  for (const [index, { item, repeat }] of blocks.entries()) {
    signal?.throwIfAborted();
    const start = process.hrtime.bigint();
    const session = await createSession(item.file, settings);
    const taken = Number(process.hrtime.bigint() - start) / 1e3;
    await session.release();
    if (repeat > 0) micros.get(item)?.push(taken);
    onProgress?.({ stage: 'session', done: index + 1, total: blocks.length, label: item.name });
  }
  return [...micros.values()];
}

/** In this process, or divided among several. */
async function timeAll(
  timed: TimedModels,
  settings: Settings,
  { data, onProgress, signal }: Pick<BenchOptions, 'data' | 'onProgress' | 'signal'>,
): Promise<TimedBatch[][]> {
  const { processes = 1 } = settings;
  if (processes === 1) return await timeModels(timed, settings, { onProgress, signal });
  const task = {
    files: timed.models.map(({ file }) => file),
    baseline: timed.baseline.file,
    floor: timed.floor.file,
    settings,
    batches: timed.batches,
    dataDirectory: data?.directory,
  };
  return await timeInProcesses(task, processes, { onProgress, signal });
}

/** What the runtime makes of each model, at each batch size. */
async function profileAll(
  models: readonly ModelFile[],
  found: readonly FoundTestSamples[],
  settings: Settings,
  signal?: AbortSignal,
): Promise<ProfiledBatch[][]> {
  const profiles: ProfiledBatch[][] = [];
  for (const [index, model] of models.entries()) {
    const batches: ProfiledBatch[] = [];
    const inputs = inputsOf(model, found[index], batchesOf(model.input, settings.batches), settings);
    for (const [batch, [feeds = {}]] of inputs) {
      signal?.throwIfAborted();
      const nodes = await profileCall(model.file, settings, feeds);
      batches.push({ batch, nodes, hostBytes: hostBytes(feeds) });
    }
    profiles.push(batches);
  }
  return profiles;
}

function hostBytes(feeds: Feeds): number {
  return Object.values(feeds).reduce(
    (sum, { data }) => sum + (data as Float32Array | Int32Array).byteLength,
    0,
  );
}

async function measureAccuracies(
  models: readonly ModelFile[],
  found: readonly FoundTestSamples[],
  settings: Settings,
  { onProgress, signal }: Hooks,
): Promise<ModelResult['testAccuracy'][]> {
  const accuracies: ModelResult['testAccuracy'][] = [];
  for (const [index, model] of models.entries()) {
    accuracies.push(await accuracyOf(model, found[index], settings, signal));
    onProgress?.({ stage: 'accuracy', done: index + 1, total: models.length, label: model.name });
  }
  return accuracies;
}

async function accuracyOf(
  model: ModelFile,
  samples: FoundTestSamples | undefined,
  settings: Settings,
  signal?: AbortSignal,
): Promise<ModelResult['testAccuracy']> {
  if (samples === undefined || typeof samples === 'string') return undefined;
  const session = await createSession(model.file, settings);
  try {
    return { dataset: samples.dataset.id, ...(await testAccuracy(session, model, samples, signal)) };
  } finally {
    await session.release();
  }
}

function boundAt(
  size: number,
  profiles: readonly ProfiledBatch[],
  ceilings: Ceilings,
): Pick<RatedBatch, 'bound'> {
  const profile = profiles.find(({ batch }) => batch === size);
  return profile ? { bound: boundOf(workOf(profile.nodes), profile.hostBytes, ceilings) } : {};
}

function ticketFacts({ metadata }: ModelFile): { encoding?: string; density?: number } {
  const encoding = metadata['tickets.encoding'];
  const density = Number(metadata['tickets.density'] ?? NaN);
  return {
    ...(encoding !== undefined && { encoding }),
    ...(Number.isFinite(density) && { density }),
  };
}

function notesOf(
  { input }: ModelFile,
  found: FoundTestSamples | undefined,
  timed: readonly TimedBatch[],
): string[] {
  const notes: string[] = [];
  if (typeof found === 'string') {
    notes.push(`No test accuracy, and timed with noise: ${found.replace(/\.$/, '')}.`);
  }
  if (input.fixedBatch !== null) {
    notes.push(`Measured at batch ${input.fixedBatch} only: the model's input has this fixed size.`);
  }
  for (const { batch, samplesMicros } of timed) {
    const count = samplesMicros.flat().length;
    if (count < 100) {
      notes.push(
        `At batch ${batch} there are ${count} samples: p99 is little more than the slowest of them.`,
      );
    }
  }
  return notes;
}

function noiseWarnings(noise: readonly RatedBatch[]): string[] {
  return noise.flatMap(({ batch, ratioToBaseline: found }) => {
    if (!found || (found.low > 0.95 && found.high < 1.05)) return [];
    const interval = `${found.low.toFixed(2)} to ${found.high.toFixed(2)}`;
    return [
      `At batch ${batch} the baseline against itself gives ratios of ${interval}: ratios inside are no difference; ` +
        `measure on a quieter machine or with more repeats.`,
    ];
  });
}
