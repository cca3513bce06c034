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
 * @param forward the walk of `trainingStep`.
 */
export function trainSteps(
  { network, optimizer, train }: TrainingJob,
  forward: Walk,
  state: TrainState,
  plan: BatchPlan,
): { state: TrainState; losses: Float32Array } {
  const { parameters } = network;
  const masks = keptOnDevice(pruningMasks(state.masks));
  const updates = fusedAdam(optimizer, parameters, state) ?? composedUpdates(optimizer, parameters, state);
  let buffers = keptOnDevice(state.buffers);
  const losses: tf.Tensor[] = [];
  plan.rates.forEach((rate, index) => {
    const { loss, nextBuffers } = tf.tidy(() => {
      const feeds = { ...batchOf(train, network, plan, index), ...prefixed('buffer/', buffers) };
      const weights = updates.weights();
      const { gradients, ...rest } = bothWays(network, forward, feeds, weights);
      const masked = parameters.map(({ name }, place) => times(gradients[place], masks[name]));
      // TensorFlow updates in place what nobody else holds, and otherwise a copy.
      tf.dispose(weights);
      updates.step(masked, rate, state.step + index + 1);
      return rest;
    });
    losses.push(loss);
    tf.dispose(Object.keys(nextBuffers).flatMap((name) => buffers[name] ?? []));
    buffers = { ...buffers, ...nextBuffers };
  });
  const next = {
    step: state.step + plan.rates.length,
    ...updates.state(),
    masks: state.masks,
    buffers: fetchedAll(buffers),
  };
  const numbers = numbersOf(losses);
  updates.dispose();
  tf.dispose([...losses, ...Object.values(masks), ...Object.values(buffers)]);
  return { state: next, losses: numbers };
}

/** The batch of one step, with the seed of its randomness. */
function batchOf(
  train: TrainingJob['train'],
  network: Network,
  { indices, seeds }: BatchPlan,
  index: number,
): Record<string, Held> {
  const [, size = 0] = indices.shape;
  const batch = heldAll(batchFeeds(train, indices.data.subarray(index * size, (index + 1) * size), network));
  return network.random ? { ...batch, seed: tensor('int64', [], seeds.data.slice(index, index + 1)) } : batch;
}

/** What a step of training is made of; the tensors of a scope that is open. */
interface Pass {
  readonly loss: tf.Tensor;
  /** One per parameter, in their order. */
  readonly gradients: readonly tf.Tensor[];
  /** What buffers, by their names, are after the step. */
  readonly nextBuffers: Record<string, tf.Tensor>;
}

/** Forward, and back. */
function bothWays(
  { parameters }: Network,
  forward: Walk,
  feeds: Readonly<Record<string, Held>>,
  weights: readonly tf.Tensor[],
): Pass {
  const values = Object.fromEntries(
    parameters.flatMap(({ name }, place) => {
      const weight = weights[place];
      return weight ? [[`parameter/${name}`, weight]] : [];
    }),
  );
  const nextBuffers: Record<string, tf.Tensor> = {};
  const lossOf = (): tf.Tensor => {
    const { loss, ...next } = forward.run({ ...feeds, ...values }) as Record<string, tf.Tensor>;
    // Differentiation frees what it is not given back.
    for (const [name, value] of Object.entries(next))
      nextBuffers[name.slice('next/'.length)] = tf.keep(value);
    if (!loss) throw new Error('the graph gave no loss');
    return loss;
  };
  const allowNone = true;
  const { value, grads } = tf.engine().gradients(lossOf, [...weights], undefined, allowNone);
  // Of a weight that the loss does not depend on there is no gradient.
  const gradients = weights.map(
    (weight, place) => (grads[place] as tf.Tensor | null) ?? tf.zerosLike(weight),
  );
  return { loss: value, gradients, nextBuffers };
}

/** The masks that prune anything. */
function pruningMasks(masks: Tensors): Tensors {
  return Object.fromEntries(Object.entries(masks).filter(([, { data }]) => data.some((kept) => !kept)));
}

function times(gradient: tf.Tensor | undefined, mask: tf.Tensor | undefined): tf.Tensor {
  if (!gradient) throw new Error('a parameter has no gradient');
  return mask ? tf.mul(gradient, mask) : gradient;
}

/** Scalars of the device, in one look at it. */
function numbersOf(scalars: tf.Tensor[]): Float32Array {
  if (scalars.length === 0) return new Float32Array(0);
  const stacked = tf.stack(scalars);
  const numbers = Float32Array.from(stacked.dataSync());
  stacked.dispose();
  return numbers;
}
