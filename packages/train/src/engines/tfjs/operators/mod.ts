import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

/** The remainder with the sign of the divisor. */
export const mod = binary(
  'Mod',
  (a, b) => tf.mod(a, b),
  (a, b) => {
    const remainder = a % b;
    return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
  },
);
