import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

export const div = binary(
  'Div',
  (a, b) => tf.div(a, b),
  (a, b) => BigInt.asIntN(64, a / b),
);
