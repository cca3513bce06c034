import type { InferenceSession } from 'onnxruntime-node';
import { watchGpu } from './gpu-state.js';
import { drawnTestBatch, noiseBatch } from './inputs.js';
import type { Feeds } from './inputs.js';
import { timeLanes } from './lane.js';
import type { Lane } from './lane.js';
import { batchesOf } from './model-file.js';
import type { ModelFile } from './model-file.js';
import type { BenchOptions } from './options.js';
import { randomStream } from './random.js';
import type { BenchResult, TimedBatch } from './result.js';
import { createSession } from './session.js';
import type { FoundTestSamples } from './test-data.js';

type Settings = BenchResult['options'];
type Hooks = Pick<BenchOptions, 'onProgress' | 'signal'>;

/** What is timed side by side. */
export interface TimedModels {
  readonly models: readonly ModelFile[];
  /** One of the models. */
  readonly baseline: ModelFile;
  readonly floor: ModelFile;
  /** For each model its test samples, or why there are none. */
  readonly found: readonly FoundTestSamples[];
  /** All batch sizes that some model is measured at, ascending. */
  readonly batches: readonly number[];
}

// Texts differ in length and images in nothing that matters; so many make the mean text, and small batches take no room.
const MOST_DRAWN_BATCHES = 16;
const DRAWN_SAMPLES = 256;

/**
 * Times models, the baseline a second time, and the empty graph, in interleaved blocks of this process.
 *
 * @returns for each model, then for the baseline again and for the floor, its batches
 */
export async function timeModels(
  timed: TimedModels,
  settings: Settings,
  hooks: Hooks,
): Promise<TimedBatch[][]> {
  const { models, baseline, floor } = timed;
  return await withSessions([...models, baseline, floor], settings, async (sessions) => {
    const lanes = makeLanes(timed, sessions, settings);
    if (settings.provider === 'cpu') return await timeLanes(lanes, settings, hooks);
    const watch = await watchGpu();
    try {
      return await timeLanes(lanes, settings, hooks, watch);
    } finally {
      watch.stop();
    }
  });
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

/** The models, then the baseline again, then the floor: in the order of their sessions. */
function makeLanes(
  { models, baseline, floor, found, batches }: TimedModels,
  sessions: readonly InferenceSession[],
  settings: Settings,
): Lane[] {
  const lane = (model: ModelFile, name: string, index: number, inputs: Lane['inputs']): Lane => {
    const session = sessions[index];
    if (!session) throw new Error(`${model.file}: no session is open`);
    return { name, file: model.file, session, inputs };
  };
  const lanes = models.map((model, index) => {
    // The baseline is there to compare with, so it is also measured where another model's fixed size asks for it.
    const sizes = batchesOf(model.input, model === baseline ? batches : settings.batches);
    return lane(model, model.name, index, inputsOf(model, found[index], sizes, settings));
  });
  const again = lanes[models.indexOf(baseline)]?.inputs ?? new Map<number, readonly Feeds[]>();
  return [
    ...lanes,
    lane(baseline, `${baseline.name} again`, models.length, again),
    lane(floor, 'floor', models.length + 1, inputsOf(floor, undefined, batches, settings)),
  ];
}

/**
 * What a model is fed at each batch size: several batches, in turn. They are drawn from the seed alone, so that models of
 * one data set are fed the same samples.
 */
export function inputsOf(
  model: ModelFile,
  found: FoundTestSamples | undefined,
  batches: readonly number[],
  { seed }: Pick<Settings, 'seed'>,
): Lane['inputs'] {
  const random = randomStream(seed);
  return new Map(
    batches.map((batch) => [
      batch,
      Array.from({ length: drawnBatches(batch) }, () =>
        found === undefined || typeof found === 'string'
          ? noiseBatch(model, batch, random)
          : drawnTestBatch(model.input, found, batch, random),
      ),
    ]),
  );
}

function drawnBatches(batch: number): number {
  return Math.max(1, Math.min(MOST_DRAWN_BATCHES, Math.floor(DRAWN_SAMPLES / batch)));
}
