import type { InferenceSession } from 'onnxruntime-node';
import { watchGpu } from './gpu-state.js';
import { drawnTestBatch, noiseBatch } from './inputs.js';
import type { Feeds } from './inputs.js';
import { mergeTimed, timeLanes } from './lane.js';
import type { Lane } from './lane.js';
import { batchesOf } from './model-file.js';
import type { ModelFile } from './model-file.js';
import type { BenchOptions } from './options.js';
import type { RandomStream } from './random.js';
import { randomStream, shuffled } from './random.js';
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
 * Times models, the baseline a second time, and the empty graph in this process: in each repeat once, in random order.
 *
 * Each repeat opens sessions of its own, in another random order. Where weights happen to lie in memory stays the same for
 * as long as a session lives and can make it some per cent faster or slower; so that is part of what differs from repeat to
 * repeat, and widens the intervals, instead of passing for a difference of models.
 *
 * @returns for each model, then for the baseline again and for the floor, its batches
 */
export async function timeModels(
  timed: TimedModels,
  settings: Settings,
  { onProgress, signal }: Hooks,
): Promise<TimedBatch[][]> {
  const { models, baseline, floor } = timed;
  const files = [...models, baseline, floor];
  const inputs = allInputs(timed, settings);
  const total = settings.repeats * inputs.reduce((sum, { size }) => sum + size, 0);
  const random = randomStream(settings.seed);
  const gpu = settings.provider === 'cpu' ? undefined : await watchGpu();
  let done = 0;
  const onBlock = (label: string) => onProgress?.({ stage: 'latency', done: ++done, total, label });
  const parts: TimedBatch[][][] = [];
  try {
    for (let repeat = 0; repeat < settings.repeats; repeat++) {
      const part = await withSessions(files, settings, random, (sessions) =>
        timeLanes(makeLanes(timed, sessions, inputs), settings, random, { onBlock, signal, gpu }),
      );
      parts.push(part);
    }
  } finally {
    gpu?.stop();
  }
  return mergeTimed(parts);
}

/** Runs with one open session per file, in their order but opened in any, and releases them whatever happens. */
async function withSessions<T>(
  models: readonly ModelFile[],
  settings: Settings,
  random: RandomStream,
  run: (sessions: readonly InferenceSession[]) => Promise<T>,
): Promise<T> {
  const sessions: InferenceSession[] = [];
  try {
    for (const place of shuffled([...models.keys()], random)) {
      sessions[place] = await createSession(models[place]?.file ?? '', settings);
    }
    return await run(sessions);
  } finally {
    for (const session of sessions.filter(Boolean)) await session.release();
  }
}

/** What each lane is fed: the models, then the baseline again, then the floor. */
function allInputs(
  { models, baseline, floor, found, batches }: TimedModels,
  settings: Settings,
): Lane['inputs'][] {
  const own = models.map((model, index) => {
    // The baseline is there to compare with, so it is also measured where another model's fixed size asks for it.
    const sizes = batchesOf(model.input, model === baseline ? batches : settings.batches);
    return inputsOf(model, found[index], sizes, settings);
  });
  const again = own[models.indexOf(baseline)] ?? new Map<number, readonly Feeds[]>();
  return [...own, again, inputsOf(floor, undefined, batches, settings)];
}

/** In the order of their sessions and inputs. */
function makeLanes(
  { models, baseline, floor }: TimedModels,
  sessions: readonly InferenceSession[],
  inputs: readonly Lane['inputs'][],
): Lane[] {
  const names = [...models.map(({ name }) => name), `${baseline.name} again`, 'floor'];
  return [...models, baseline, floor].map(({ file }, index) => {
    const [session, own, name] = [sessions[index], inputs[index], names[index]];
    if (!session || !own || name === undefined) throw new Error(`${file}: no session is open`);
    return { name, file, session, inputs: own };
  });
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
