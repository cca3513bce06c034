import type { ImageDataset } from '@winning-tickets/datasets';
import { imageDataset, loadDataset } from '@winning-tickets/datasets';
import { sizeOf } from '@winning-tickets/onnx';
import type { RunEvent, StageProgress } from '../../src/lottery/progress.js';
import { stageLabel } from '../../src/store/stage-path.js';
import type { WorkOptions } from '../../src/lottery/work.js';
import { work } from '../../src/lottery/work.js';
import type { Experiment } from '../../src/experiment.js';
import { openRun } from '../../src/run-store.js';
import { experimentOf } from './stages.js';

/** The first of MNIST's samples: an evaluation of all takes longer than the few steps before it. */
export const mnist = await fewOf({ train: 6_000, validation: 1_000, test: 1_000 });

async function fewOf(
  counts: Readonly<Record<'train' | 'validation' | 'test', number>>,
): Promise<ImageDataset> {
  const dataset = imageDataset(await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 }));
  const first = ({ inputs, labels }: ImageDataset['train'], count: number) => {
    const size = sizeOf(inputs.shape.slice(1));
    return {
      inputs: {
        ...inputs,
        shape: [count, ...inputs.shape.slice(1)] as const,
        data: inputs.data.subarray(0, count * size),
      },
      labels: { ...labels, shape: [count] as const, data: labels.data.subarray(0, count) },
    };
  };
  return {
    ...dataset,
    train: first(dataset.train, counts.train),
    validation: first(dataset.validation, counts.validation),
    test: first(dataset.test, counts.test),
  };
}

/** Layers of the same names as LeNet-300-100's, and fewer weights to train, seal and write. */
export const smaller = {
  name: 'smaller',
  input: [28, 28],
  layers: [
    { kind: 'flatten' },
    ...[30, 20].flatMap((units) => [{ kind: 'dense', units }, { kind: 'relu' }]),
    { kind: 'dense', units: 10 },
  ],
};

const EVALUATE_EVERY = 10;

/** One trial of levels 0 and 1, 20 steps each with an evaluation after 10 and 20. */
export function twoStages(changes: Partial<Experiment> = {}): Experiment {
  return experimentOf({
    iterations: 20,
    evaluateEvery: EVALUATE_EVERY,
    pruning: {
      criterion: 'magnitude',
      scope: 'layer',
      rate: 0.2,
      layerRates: { fc3: 0.1 },
      kindRates: {},
      levels: 1,
    },
    branches: [],
    trials: 1,
    ...changes,
  });
}

/** What a worker did: how it ended, and what it told. */
export interface Worked {
  readonly outcome: Awaited<ReturnType<typeof work>>;
  readonly events: readonly RunEvent[];
  /** The steps at which it evaluated, by stage. How the steps between are cut into chunks is a matter of pace. */
  readonly steps: Readonly<Record<string, readonly number[]>>;
}

/** Lets one worker in this process work on an experiment on MNIST; `watch` sees all that it tells, as it tells it. */
export async function workOn(
  root: string,
  experiment: Experiment,
  options: Partial<WorkOptions> & { readonly watch?: (event: RunEvent) => void } = {},
): Promise<Worked> {
  const { watch, ...rest } = options;
  const events: RunEvent[] = [];
  const outcome = await work({
    run: await openRun({ root, experiment, dataset: mnist }),
    dataset: mnist,
    preferTrial: 1,
    checkpointSeconds: 0,
    signal: new AbortController().signal,
    ...rest,
    tell: (event) => {
      events.push(event);
      watch?.(event);
    },
  });
  const progress = events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []));
  return { outcome, events, steps: stepsOf(progress) };
}

/** The same, told to stop once it has trained its first chunk of steps. */
export function stoppedAfterFirstChunk(root: string, experiment: Experiment): Promise<Worked> {
  const stop = new AbortController();
  return workOn(root, experiment, {
    signal: stop.signal,
    watch: ({ type }) => {
      if (type === 'progress') stop.abort();
    },
  });
}

function stepsOf(progress: readonly StageProgress[]): Record<string, number[]> {
  const steps: Record<string, number[]> = {};
  for (const each of progress) {
    if (each.step % EVALUATE_EVERY === 0) (steps[stageLabel(each)] ??= []).push(each.step);
  }
  return steps;
}
