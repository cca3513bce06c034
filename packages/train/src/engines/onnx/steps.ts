import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';
import type { BatchPlan, TrainingJob, TrainState } from '../../engine.js';
import { updateRule } from '../../optimizers/rules.js';
import { batchFeeds } from './input.js';

/** What goes into the training graph and what comes out of it. */

/** A training after some steps. */
export interface Trained {
  readonly state: TrainState;
  /** Batch loss of each step. */
  readonly losses: Float32Array;
}

/** The values of the training graph's inputs, but for those that say what is masked. */
export function stepFeeds(
  job: TrainingJob,
  state: TrainState,
  { indices, rates, seeds }: BatchPlan,
): Tensors {
  const rule = updateRule(job.optimizer);
  const steps = rates.length;
  return {
    ...batchFeeds(job.train, indices, job.network),
    stepSizes: tensor(
      'float32',
      [steps],
      rates.map((rate, index) => rule.stepSize(rate, state.step + index + 1)),
    ),
    trips: tensor('int64', [], BigInt64Array.of(BigInt(steps))),
    ...prefixed('parameter/', state.parameters),
    ...state.slots,
    ...prefixed('buffer/', state.buffers),
    ...(job.network.random ? { seeds } : {}),
  };
}

/** The state that the training graph's outputs hold, after the steps that it began with. */
export function trained(outputs: Tensors, before: TrainState, { rates }: BatchPlan): Trained {
  const take = (names: Iterable<string>, prefix = ''): Tensors =>
    Object.fromEntries(Array.from(names, (name) => [name, expected(outputs, `next/${prefix}${name}`)]));
  return {
    state: {
      step: before.step + rates.length,
      parameters: take(Object.keys(before.parameters), 'parameter/'),
      masks: before.masks,
      slots: take(Object.keys(before.slots)),
      buffers: take(Object.keys(before.buffers), 'buffer/'),
    },
    losses: expected(outputs, 'losses').data as Float32Array,
  };
}

export function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
}

export function expected(outputs: Tensors, name: string): Tensor {
  const output = outputs[name];
  if (!output) throw new Error(`the graph gave no output '${name}'`);
  return output;
}
