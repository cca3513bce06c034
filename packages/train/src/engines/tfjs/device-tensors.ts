import type { Tensor, Tensors } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { fetched, held } from './device-dtype.js';
import type { Held } from './held.js';

/** Float tensors by name, on the device until they are disposed of, whatever scope they are made in. */
export function keptOnDevice(tensors: Tensors): Record<string, tf.Tensor> {
  return mapped(tensors, (value) => tf.keep(held(value) as tf.Tensor));
}

export function heldAll(tensors: Tensors): Record<string, Held> {
  return mapped(tensors, held);
}

/** Float tensors of the device as values. */
export function fetchedAll(tensors: Readonly<Record<string, tf.Tensor>>): Tensors {
  return mapped(tensors, (value): Tensor => fetched(value, 'float32'));
}

/** The graph's inputs that a network's parameters and buffers are. */
export function prefixed<T>(prefix: string, values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function mapped<A, B>(values: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)]));
}
