import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { zeros } from '@winning-tickets/onnx';
import type { Masks, Network } from '@winning-tickets/ticket';
import { applyMasks, fullMasks } from '@winning-tickets/ticket';
import type { BatchPlan, TrainingProgram, TrainState } from './engine.js';
import { initialBuffers, initializeParameters } from './initialize.js';
import type { OptimizerSpec } from './optimizers/optimizer.js';
import { slotNames } from './optimizers/rules.js';

/** Steps of one call of the engine, which heeds nothing until it is done. */
const CHUNK_STEPS = 50;

/** A training before its first step, with all weights. */
export function freshState(network: Network, optimizer: OptimizerSpec, initial: Tensors): TrainState {
  return {
    step: 0,
    parameters: initial,
    masks: {},
    slots: Object.fromEntries(
      slotNames(optimizer).flatMap((slot) =>
        network.parameters.map(({ name, shape }) => [`${slot}/${name}`, zeros('float32', shape)]),
      ),
    ),
    buffers: initialBuffers(network),
  };
}

/** The dense network of a trial before its first step. @param seed the trial's */
export function denseState(network: Network, optimizer: OptimizerSpec, seed: number): TrainState {
  const initial = initializeParameters(network, seed, 'init');
  return masked(freshState(network, optimizer, initial), fullMasks(network));
}

/** The same point of a training, with some weights pruned: they are zero, and so is what the optimizer keeps of them. */
export function masked(state: TrainState, masks: Masks): TrainState {
  const slots = Object.fromEntries(
    Object.entries(state.slots).map(([name, slot]) => {
      const mask = masks[name.slice(name.indexOf('/') + 1)];
      return [name, mask ? productOf(slot, mask) : slot];
    }),
  );
  const asFloat = ({ shape, data }: Tensor<'uint8'>): Tensor<'float32'> => ({
    ...{ dtype: 'float32', shape },
    data: new Float32Array(data),
  });
  return {
    ...state,
    parameters: applyMasks(state.parameters, masks),
    masks: Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, asFloat(mask)])),
    slots,
  };
}

/**
 * Trains on to a step.
 *
 * @param afterChunk done after every few steps: a sign of life
 * @throws the signal's reason, after the chunk in which it came
 */
export async function trainTo(
  step: number,
  state: TrainState,
  program: TrainingProgram,
  batches: (from: number, steps: number) => BatchPlan,
  signal: AbortSignal,
  afterChunk: () => Promise<unknown> = () => Promise.resolve(),
): Promise<TrainState> {
  let current = state;
  while (current.step < step) {
    signal.throwIfAborted();
    const steps = Math.min(CHUNK_STEPS, step - current.step);
    ({ state: current } = await program.run(current, batches(current.step, steps)));
    await afterChunk();
  }
  return current;
}

function productOf(slot: Tensor, mask: Tensor<'uint8'>): Tensor<'float32'> {
  const data = (slot.data as Float32Array).map((value, index) => value * (mask.data[index] ?? 0));
  return { dtype: 'float32', shape: slot.shape, data };
}
