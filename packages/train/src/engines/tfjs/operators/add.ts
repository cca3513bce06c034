import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

export const add = binary(
  'Add',
  (a, b) => tf.add(a, b),
  (a, b) => BigInt.asIntN(64, a + b),
);
