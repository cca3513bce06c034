import type { Tensors } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import * as tf from '@tensorflow/tfjs-core';
import type { BatchPlan, TrainingJob, TrainState } from '../../engine.js';
import { batchFeeds } from './batch-feeds.js';
import { fetchedAll, heldAll, keptOnDevice, prefixed } from './device-tensors.js';
import type { Held } from './held.js';
import { composedUpdates } from './updates/composed.js';
import { fusedAdam } from './updates/fused-adam.js';
import type { Walk } from './walk.js';

/**
 * Makes the steps of a plan: walks the forward pass, lets TensorFlow.js differentiate it, masks the gradients, and updates
 * the weights. As many tensors are on the device after a step as before it, and none when all are made.
 *
 * @param walks of the two parts of `trainingStep`.
 */
export function trainSteps(
  job: TrainingJob,
  { before, forward }: { readonly before: Walk; readonly forward: Walk },
  state: TrainState,
  plan: BatchPlan,
): { state: TrainState; losses: Float32Array } {
  const { network, optimizer, batchSize } = job;
  const { parameters } = network;
  const masks = keptOnDevice(pruningMasks(state.masks));
  const updates = fusedAdam(optimizer, parameters, state) ?? composedUpdates(optimizer, parameters, state);
  let buffers = keptOnDevice(state.buffers);
  const losses: tf.Tensor[] = [];
  const shares = tf.keep(tf.fill([batchSize], 1 / batchSize));
  plan.rates.forEach((rate, index) => {
    const { sampleLosses, nextBuffers } = tf.tidy(() => {
      const given = { ...batchOf(job, plan, index), ...prefixed('buffer/', buffers) };
      const feeds = { ...given, ...before.run(given) };
      const weights = updates.weights();
      const { gradients, ...rest } = bothWays(network, forward, feeds, weights, shares);
      const masked = parameters.map(({ name }, place) => times(gradients[place], masks[name]));
      // TensorFlow updates in place what nobody else holds, and otherwise a copy.
      tf.dispose(weights);
      updates.step(masked, rate, state.step + index + 1);
      return rest;
    });
    losses.push(sampleLosses);
    tf.dispose(Object.keys(nextBuffers).flatMap((name) => buffers[name] ?? []));
    buffers = { ...buffers, ...nextBuffers };
  });
  const next = {
    step: state.step + plan.rates.length,
    ...updates.state(),
    masks: state.masks,
    buffers: fetchedAll(buffers),
  };
  const numbers = meansOf(losses);
  updates.dispose();
  tf.dispose([shares, ...losses, ...Object.values(masks), ...Object.values(buffers)]);
  return { state: next, losses: numbers };
}

/** The batch of one step, with the seed of its randomness. */
function batchOf(job: TrainingJob, { indices, seeds }: BatchPlan, index: number): Record<string, Held> {
  const [, size = 0] = indices.shape;
  const rows = indices.data.subarray(index * size, (index + 1) * size);
  const batch = heldAll(batchFeeds(job.train, rows, job));
  return job.network.random
    ? { ...batch, seed: tensor('int64', [], seeds.data.slice(index, index + 1)) }
    : batch;
}

/** What a step of training is made of; the tensors of a scope that is open. */
interface Pass {
  /** One per sample of the batch. */
  readonly sampleLosses: tf.Tensor;
  /** One per parameter, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** What buffers, by their names, are after the step. */
  readonly nextBuffers: Record<string, tf.Tensor>;
}

/**
 * Forward, and back.
 *
 * @param shares what the loss has of each sample's; the mean is one product less where it is not part of what is differentiated.
 */
function bothWays(
  { parameters }: Network,
  forward: Walk,
  feeds: Readonly<Record<string, Held>>,
  weights: readonly tf.Tensor[],
  shares: tf.Tensor,
): Pass {
  const values = Object.fromEntries(
    parameters.flatMap(({ name }, place) => {
      const weight = weights[place];
      return weight ? [[`parameter/${name}`, weight]] : [];
    }),
  );
  const nextBuffers: Record<string, tf.Tensor> = {};
  const lossesOf = (): tf.Tensor => {
    const { losses, ...next } = forward.run({ ...feeds, ...values }) as Record<string, tf.Tensor>;
    // Differentiation frees what it is not given back.
    for (const [name, value] of Object.entries(next))
      nextBuffers[name.slice('next/'.length)] = tf.keep(value);
    if (!losses) throw new Error('the graph gave no losses');
    return losses;
  };
  const allowNone = true;
  const { value, grads } = tf.engine().gradients(lossesOf, [...weights], shares, allowNone);
  // Of a weight that the loss does not depend on there is no gradient.
  const gradients = weights.map(
    (weight, place) => (grads[place] as tf.Tensor | null) ?? tf.zerosLike(weight),
  );
  return { sampleLosses: value, gradients, nextBuffers };
}

/** The masks that prune anything. */
function pruningMasks(masks: Tensors): Tensors {
  return Object.fromEntries(Object.entries(masks).filter(([, { data }]) => data.some((kept) => !kept)));
}

function times(gradient: tf.Tensor | undefined, mask: tf.Tensor | undefined): tf.Tensor {
  if (!gradient) throw new Error('a parameter has no gradient');
  return mask ? tf.mul(gradient, mask) : gradient;
}

/** The mean of each vector, in one look at the device. */
function meansOf(vectors: tf.Tensor[]): Float32Array {
  if (vectors.length === 0) return new Float32Array(0);
  return tf.tidy(() => Float32Array.from(tf.mean(tf.stack(vectors), 1).dataSync()));
}
