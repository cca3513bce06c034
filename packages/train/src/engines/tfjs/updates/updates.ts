import type * as tf from '@tensorflow/tfjs-core';
import type { TrainState } from '../../../engine.js';

/** The weights of a training and what its optimizer keeps of them, on the device, while some steps are made. */
export interface Updates {
  /** The current weights, in the order of the network's parameters; the caller's to free (`tf.tidy`). */
  weights(): tf.Tensor[];
  /**
   * One step of the optimizer.
   *
   * @param gradients one per parameter, zero where it is masked.
   * @param rate learning rate.
   * @param step from 1.
   */
  step(gradients: readonly tf.Tensor[], rate: number, step: number): void;
  /** What is on the device now, as values. */
  state(): Pick<TrainState, 'parameters' | 'slots'>;
  dispose(): void;
}

/** Where a training begins: what `Updates` are made of. */
export type UpdatesFrom = Pick<TrainState, 'parameters' | 'slots'>;
