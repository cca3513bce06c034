import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

export const mul = binary(
  'Mul',
  (a, b) => tf.mul(a, b),
  (a, b) => BigInt.asIntN(64, a * b),
);
