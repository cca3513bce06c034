import type { Graph, Tensor, Tensors } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { BatchPlan, TrainingJob, TrainingProgram, TrainState } from '../../engine.js';
import { hasSets } from '../../losses/sample-losses.js';
import type { TrainedPart } from '../trained-part.js';
import { trainedParts } from '../trained-part.js';
import type { Backend } from './backend.js';
import { fetched } from './device-dtype.js';
import { heldAll } from './device-tensors.js';
import { evaluateSamples } from './evaluation.js';
import type { LossesOf } from './fused-cross-entropy.js';
import { fusedCrossEntropy } from './fused-cross-entropy.js';
import { onDevice } from './held.js';
import { evaluationStep, trainingStep } from './step-graphs.js';
import { trainSteps } from './training.js';
import type { Walk } from './walk.js';
import { walkOf } from './walk.js';

/** A job's program on a device of TensorFlow.js. */
export async function compileFor(backend: Backend, job: TrainingJob): Promise<TrainingProgram> {
  await backend.activate();
  const partFor = trainedParts(job);
  let current: MaskedTraining | undefined;
  // Steps after steps come with the same masks; other masks are another training, and the last one is over.
  const trainingFor = (masks: Tensors): MaskedTraining => {
    if (current?.masks === masks) return current;
    disposeOf(current);
    current = maskedTraining(job, masks, partFor(masks));
    return current;
  };
  const evaluation = walkOf(evaluationStep(job).graph);
  const active =
    <A extends unknown[], R>(task: (...given: A) => R) =>
    async (...given: A): Promise<R> => {
      await backend.activate();
      return task(...given);
    };
  return {
    run: active((state, plan) => run(trainingFor(state.masks), state, plan)),
    evaluate: active(({ parameters, buffers }, split) =>
      evaluateSamples(job, evaluation, { ...parameters, ...buffers }, job[split]),
    ),
    execute: active(execute),
    dispose: active(() => {
      disposeOf(current);
      evaluation.dispose();
    }),
    software: backend.software,
  };
}

/** A training under certain masks: of the part of the network that it reaches. */
interface MaskedTraining {
  readonly masks: Tensors;
  readonly part: TrainedPart | undefined;
  /** That of the part, where there is one. */
  readonly job: TrainingJob;
  readonly before: Walk;
  readonly walk: Walk;
}

function maskedTraining(job: TrainingJob, masks: Tensors, part: TrainedPart | undefined): MaskedTraining {
  const trained = part?.job ?? job;
  const fused = hasSets(trained.train.labels) ? undefined : fusedCrossEntropy();
  const { before, graph, detached } = trainingStep(trained, fused ? 'logits' : 'losses');
  const walk = walkOf(graph, detached);
  return {
    masks,
    part,
    job: trained,
    before: walkOf(before),
    walk: fused ? endingIn(fused, walk) : walk,
  };
}

/** A walk to logits, and from there to `losses`. */
function endingIn(lossesOf: LossesOf, walk: Walk): Walk {
  return {
    ...walk,
    run(feeds) {
      const { logits, ...rest } = walk.run(feeds);
      const { labels } = feeds;
      if (!logits || !labels) throw new Error('a step came without logits or labels');
      return { losses: lossesOf(onDevice(logits), onDevice(labels)), ...rest };
    },
  };
}

function disposeOf(training: MaskedTraining | undefined): void {
  training?.before.dispose();
  training?.walk.dispose();
}

function run({ part, job, before, walk }: MaskedTraining, whole: TrainState, plan: BatchPlan) {
  const { state, losses } = trainSteps(job, { before, forward: walk }, part?.take(whole) ?? whole, plan);
  return { state: part?.put(state, whole) ?? state, losses };
}

function execute(graph: Graph, inputs: Tensors): Tensors {
  const walk = walkOf(graph);
  const results: Record<string, Tensor> = {};
  tf.tidy(() => {
    const outputs = walk.run(heldAll(inputs));
    for (const { name, dtype } of graph.outputs) {
      const output = outputs[name];
      if (output) results[name] = fetched(output, dtype);
    }
  });
  walk.dispose();
  return results;
}
