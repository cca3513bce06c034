import type { Tensor, Tensors } from '@winning-tickets/onnx';
import type * as tf from '@tensorflow/tfjs-core';
import { fetched } from '../device-dtype.js';

/** What must be there. @throws Error when it is not. */
export function named(tensors: Tensors, name: string): Tensor {
  const value = tensors[name];
  if (!value) throw new Error(`the state has no tensor '${name}'`);
  return value;
}

/** A float32 tensor as a value of ours. */
export function tensorOf(value: tf.Tensor | undefined): Tensor {
  if (!value) throw new Error('a tensor is gone from the device');
  return fetched(value, 'float32');
}
