import type { Graph, Tensors } from '@winning-tickets/onnx';
import { arrayTypes, tensor } from '@winning-tickets/onnx';
import type { Labels, Network } from '@winning-tickets/ticket';
import { agreement } from '@winning-tickets/ticket';
import * as ort from 'onnxruntime-node';
import type {
  BatchPlan,
  Engine,
  Evaluation,
  Samples,
  TrainingJob,
  TrainingProgram,
  TrainState,
} from '../../engine.js';
import { evaluationGraph } from './evaluation-graph.js';
import { batchFeeds } from './input.js';
import type { Session, SessionOptions } from './session.js';
import { openSession } from './session.js';
import type { Trained } from './steps.js';
import { expected, prefixed, stepFeeds, trained } from './steps.js';
import { survivorsOf, trainingFormFor } from './survivors.js';
import { togetherRunner } from './together.js';
import type { TrainedPart } from '../trained-part.js';
import { trainedParts } from '../trained-part.js';
import type { TrainingForm } from './training-graph.js';
import { trainingGraph } from './training-graph.js';
import { openTrainingSession } from './training-session.js';

/** Samples per batch of an evaluation: small enough for the activations to stay in cache. */
const EVALUATION_BATCH = 250;

/** Trains inside ONNX Runtime: the whole of many SGD steps is one graph. Needs nothing but npm packages. */
export const onnxEngine: Engine = {
  name: 'onnx',
  devices: () =>
    Promise.resolve([
      {
        device: 'cpu',
        available: true,
        detail: `ONNX Runtime ${ort.env.versions.node ?? 'unknown'}, CPU provider`,
      },
    ]),
  compile,
};

async function compile(job: TrainingJob): Promise<TrainingProgram> {
  const evaluation = await openSession(evaluationGraph(job), job);
  const batchesOf = evaluationBatches(job.network);
  const together = togetherRunner(job);
  const partFor = trainedParts(job);
  let current: MaskedTraining | undefined;
  // Chunk after chunk comes with the same masks; other masks are another training, and the last one is over.
  const trainingFor = async (masks: Tensors): Promise<MaskedTraining> => {
    if (current?.masks === masks) return current;
    await current?.session.dispose();
    current = undefined;
    current = await openTraining(job, masks, partFor(masks));
    return current;
  };
  return {
    run: async (state, plan) => run(await trainingFor(state.masks), state, plan),
    runTogether: together.run,
    evaluate: ({ parameters, buffers }, split) =>
      evaluate(evaluation, job.network, { ...parameters, ...buffers }, job[split], batchesOf(job[split])),
    execute: (graph, inputs) => execute(graph, inputs, job),
    async dispose() {
      await current?.session.dispose();
      await together.dispose();
      await evaluation.dispose();
    },
  };
}

/** A training under certain masks, compiled: of the part of the network that it reaches, in the form that suits it. */
interface MaskedTraining {
  readonly masks: Tensors;
  readonly part: TrainedPart | undefined;
  /** That of the part, where there is one. */
  readonly job: TrainingJob;
  readonly session: Session;
  readonly maskInputs: Tensors;
}

async function openTraining(
  job: TrainingJob,
  masks: Tensors,
  part: TrainedPart | undefined,
): Promise<MaskedTraining> {
  const trained = part?.job ?? job;
  const partMasks = part?.masks ?? masks;
  const form = trainingFormFor(partMasks);
  const session = await openTrainingSession(trainingGraph(trained, 'float32', form), trained);
  return { masks, part, job: trained, session, maskInputs: maskInputs(partMasks, form) };
}

async function run(
  { part, job, session, maskInputs }: MaskedTraining,
  whole: TrainState,
  plan: BatchPlan,
): Promise<Trained> {
  const before = part?.take(whole) ?? whole;
  const { state, losses } = await runSteps(session, job, before, plan, maskInputs);
  return { state: part?.put(state, whole) ?? state, losses };
}

async function runSteps(
  session: Session,
  job: TrainingJob,
  state: TrainState,
  plan: BatchPlan,
  masks: Tensors,
): Promise<Trained> {
  const feeds = { ...stepFeeds(job, state, plan), ...masks };
  return trained(await session.run(feeds), state, plan);
}

function maskInputs(masks: Tensors, form: TrainingForm): Tensors {
  if (form === 'whole') return {};
  if (form === 'masked') return prefixed('mask/', masks);
  return Object.fromEntries(
    Object.entries(masks).flatMap(([name, mask]) => {
      const { survivors, places } = survivorsOf(mask);
      return [
        [`survivors/${name}`, survivors],
        [`places/${name}`, places],
      ];
    }),
  );
}

/** What evaluating some samples feeds to the graph, run by run. */
type EvaluationBatches = readonly { readonly trips: number; readonly feeds: Tensors }[];

/** The batches of each set of samples, made once: every evaluation asks for the same. */
function evaluationBatches(network: Network): (samples: Samples) => EvaluationBatches {
  const known = new WeakMap<Samples, EvaluationBatches>();
  return (samples) => {
    const batches = known.get(samples) ?? cutIntoBatches(samples, network);
    known.set(samples, batches);
    return batches;
  };
}

function cutIntoBatches(samples: Samples, network: Network): EvaluationBatches {
  const count = samples.labels.shape[0] ?? 0;
  const whole = Math.floor(count / EVALUATION_BATCH) * EVALUATION_BATCH;
  // The samples that don't fill a batch go through the same graph as a batch of their own.
  return [
    { from: 0, to: whole, batch: EVALUATION_BATCH },
    { from: whole, to: count, batch: count - whole },
  ]
    .filter(({ from, to }) => to > from)
    .map(({ from, to, batch }) => {
      const trips = (to - from) / batch;
      const numbers = Int32Array.from({ length: to - from }, (_, index) => from + index);
      return { trips, feeds: batchFeeds(samples, tensor('int32', [trips, batch], numbers), network) };
    });
}

async function evaluate(
  session: Session,
  { outputShape: [classes = 0] }: Network,
  parameters: Tensors,
  { labels }: Samples,
  batches: EvaluationBatches,
): Promise<Evaluation> {
  let loss = 0;
  const predicted = tensor(labels.dtype, labels.shape, new arrayTypes[labels.dtype](labels.data.length));
  let filled = 0;
  for (const { trips, feeds } of batches) {
    const outputs = await session.run({
      ...feeds,
      trips: tensor('int64', [], BigInt64Array.of(BigInt(trips))),
      ...prefixed('parameter/', parameters),
    });
    loss += sum(expected(outputs, 'lossSums').data as Float32Array);
    const { data } = expected(outputs, 'predicted') as Labels;
    predicted.data.set(data, filled);
    filled += data.length;
  }
  return { loss: loss / (labels.shape[0] ?? 0), ...agreement(predicted, labels, classes) };
}

async function execute(graph: Graph, inputs: Tensors, options: SessionOptions): Promise<Tensors> {
  const session = await openSession(graph, options);
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
