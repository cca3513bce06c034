import type { Graph, Tensor, Tensors } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingJob, TrainingProgram } from '../../engine.js';
import type { Backend } from './backend.js';
import { fetched } from './device-dtype.js';
import { heldAll } from './device-tensors.js';
import { evaluateSamples } from './evaluation.js';
import { evaluationStep, trainingStep } from './step-graphs.js';
import { trainSteps } from './training.js';
import { walkOf } from './walk.js';

/** A job's program on a device of TensorFlow.js. */
export async function compileFor(backend: Backend, job: TrainingJob): Promise<TrainingProgram> {
  await backend.activate();
  const { graph, detached } = trainingStep(job);
  const training = walkOf(graph, detached);
  const evaluation = walkOf(evaluationStep(job).graph);
  const active =
    <A extends unknown[], R>(task: (...given: A) => R) =>
    async (...given: A): Promise<R> => {
      await backend.activate();
      return task(...given);
    };
  return {
    run: active((state, plan) => trainSteps(job, training, state, plan)),
    evaluate: active(({ parameters, buffers }, split) =>
      evaluateSamples(job.network, evaluation, { ...parameters, ...buffers }, job[split]),
    ),
    execute: active(execute),
    dispose: active(() => {
      training.dispose();
      evaluation.dispose();
    }),
    software: backend.software,
  };
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
