import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

export const sub = binary(
  'Sub',
  (a, b) => tf.sub(a, b),
  (a, b) => BigInt.asIntN(64, a - b),
);
