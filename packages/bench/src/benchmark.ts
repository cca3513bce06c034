import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeModel } from '@winning-tickets/onnx';
import type { InferenceSession } from 'onnxruntime-node';
import { testAccuracy } from './accuracy.js';
import { describeEnvironment, finalLoad, machineWarnings } from './environment.js';
import { describeGpu, watchGpu } from './gpu-state.js';
import { floorModel } from './floor-model.js';
import { drawnTestBatch, noiseBatch } from './inputs.js';
import type { Feeds } from './inputs.js';
import { timeLanes } from './lane.js';
import type { Lane } from './lane.js';
import { measureMemory, memoryAbove } from './memory.js';
import type { MemoryTask } from './memory-protocol.js';
import { batchesOf, checkBatchFits, readModelFiles } from './model-file.js';
import type { ModelFile, ModelInput } from './model-file.js';
import { resolveOptions } from './options.js';
import type { BenchOptions } from './options.js';
import { placementOf, strayed } from './placement.js';
import { randomStream } from './random.js';
import type { BenchResult, MemorySample, ModelResult, Placement, RatedBatch, TimedBatch } from './result.js';
import { interleave } from './schedule.js';
import { checkProvider, createSession } from './session.js';
import { pairedRatio } from './statistics.js';
import { findTestSamples } from './test-data.js';
import type { FoundTestSamples } from './test-data.js';

type Settings = BenchResult['options'];
type Hooks = Pick<BenchOptions, 'onProgress' | 'signal'>;

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
    const rows = { models, baseline, floor, found, batches };
    const placements = onGpu ? await placeAll(models, found, settings, options.signal) : [];
    const timed = await withSessions([...models, baseline, floor], settings, async (sessions) => ({
      accuracies: await measureAccuracies(models, sessions, found, options),
      lanes: await timeWatched(makeLanes(rows, sessions, settings), settings, options),
    }));
    const floorMemory = memory[0] ?? [];
    const baselineBatches = timed.lanes[models.indexOf(baseline)] ?? [];
    const results = models.map((model, index): ModelResult => {
      const samples = memory[index + 1] ?? [];
      const accuracy = timed.accuracies[index];
      const reason = found[index];
      const placement = placements[index];
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
        batches: rate(timed.lanes[index] ?? [], baselineBatches),
        notes: [
          ...notesOf(model, reason, timed.lanes[index] ?? []),
          ...[placement && strayed(placement, settings.provider)].filter((note) => note !== undefined),
        ],
      };
    });
    const noise = rate(timed.lanes[models.length] ?? [], baselineBatches);
    return {
      schema: 1,
      startedAt,
      finishedAt: new Date().toISOString(),
      environment: { ...environment, loadAverageAfter: finalLoad() },
      options: settings,
      baseline: baseline.file,
      floor: timed.lanes[models.length + 1] ?? [],
      floorMemory,
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

async function writeFloorModel(folder: string): Promise<ModelFile> {
  const file = join(folder, 'floor.onnx');
  const bytes = encodeModel(floorModel());
  await writeFile(file, bytes);
  const input: ModelInput = { form: 'dense', name: 'input', sampleShape: [1], fixedBatch: null };
  return { file, name: 'floor', bytes: bytes.length, input, metadata: {} };
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
      inputs: memoryInputs(inputsOf(item, found[models.indexOf(item)], [batch], settings).get(batch)),
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

/** Where the runtime runs the operators of each model. */
async function placeAll(
  models: readonly ModelFile[],
  found: readonly FoundTestSamples[],
  settings: Settings,
  signal?: AbortSignal,
): Promise<Placement[]> {
  const placements: Placement[] = [];
  for (const [index, model] of models.entries()) {
    signal?.throwIfAborted();
    const batch = Math.min(...batchesOf(model.input, settings.batches));
    const feeds = inputsOf(model, found[index], [batch], settings).get(batch) ?? {};
    placements.push(await placementOf(model.file, settings, feeds));
  }
  return placements;
}

/** Times lanes with an eye on the GPU, where one is in use. */
async function timeWatched(
  lanes: readonly Lane[],
  settings: Settings,
  hooks: Hooks,
): Promise<TimedBatch[][]> {
  if (settings.provider === 'cpu') return await timeLanes(lanes, settings, hooks);
  const watch = await watchGpu();
  try {
    return await timeLanes(lanes, settings, hooks, watch);
  } finally {
    watch.stop();
  }
}

/** Runs with one open session per file, in their order, and releases them whatever happens. */
async function withSessions<T>(
  models: readonly ModelFile[],
  settings: Settings,
  run: (sessions: readonly InferenceSession[]) => Promise<T>,
): Promise<T> {
  const sessions: InferenceSession[] = [];
  try {
    for (const { file } of models) sessions.push(await createSession(file, settings));
    return await run(sessions);
  } finally {
    for (const session of sessions) await session.release();
  }
}

async function measureAccuracies(
  models: readonly ModelFile[],
  sessions: readonly InferenceSession[],
  found: readonly FoundTestSamples[],
  { onProgress, signal }: Hooks,
): Promise<ModelResult['testAccuracy'][]> {
  const accuracies: ModelResult['testAccuracy'][] = [];
  for (const [index, model] of models.entries()) {
    const samples = found[index];
    const session = sessions[index];
    const known = session !== undefined && samples !== undefined && typeof samples !== 'string';
    accuracies.push(
      known
        ? { dataset: samples.dataset.id, ...(await testAccuracy(session, model, samples, signal)) }
        : undefined,
    );
    onProgress?.({ stage: 'accuracy', done: index + 1, total: models.length, label: model.name });
  }
  return accuracies;
}

interface Rows {
  readonly models: readonly ModelFile[];
  readonly baseline: ModelFile;
  readonly floor: ModelFile;
  readonly found: readonly FoundTestSamples[];
  readonly batches: readonly number[];
}

/** The models, then the baseline again, then the floor: in the order of their sessions. */
function makeLanes(rows: Rows, sessions: readonly InferenceSession[], settings: Settings): Lane[] {
  const lane = (model: ModelFile, name: string, index: number, inputs: Lane['inputs']): Lane => {
    const session = sessions[index];
    if (!session) throw new Error(`${model.file}: no session is open`);
    return { name, file: model.file, session, inputs };
  };
  const { models, baseline, floor, found, batches } = rows;
  const lanes = models.map((model, index) => {
    // The baseline is there to compare with, so it is also measured where another model's fixed size asks for it.
    const sizes = batchesOf(model.input, model === baseline ? batches : settings.batches);
    return lane(model, model.name, index, inputsOf(model, found[index], sizes, settings));
  });
  const again = lanes[models.indexOf(baseline)]?.inputs ?? new Map<number, Feeds>();
  return [
    ...lanes,
    lane(baseline, `${baseline.name} again`, models.length, again),
    lane(floor, 'floor', models.length + 1, inputsOf(floor, undefined, batches, settings)),
  ];
}

// From the seed alone, so that models of one data set are fed the same samples.
function inputsOf(
  model: ModelFile,
  found: FoundTestSamples | undefined,
  batches: readonly number[],
  { seed }: Settings,
): Lane['inputs'] {
  const random = randomStream(seed);
  return new Map(
    batches.map((batch) => [
      batch,
      found === undefined || typeof found === 'string'
        ? noiseBatch(model, batch, random)
        : drawnTestBatch(model.input, found, batch, random),
    ]),
  );
}

function rate(timed: readonly TimedBatch[], baseline: readonly TimedBatch[]): RatedBatch[] {
  return timed.map((row) => {
    const reference = baseline.find(({ batch }) => batch === row.batch);
    return {
      ...row,
      ratioToBaseline: reference ? pairedRatio(row.samplesMicros, reference.samplesMicros) : null,
    };
  });
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
