import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const greaterOrEqual = truth(
  'GreaterOrEqual',
  (a, b) => tf.greaterEqual(a, b),
  (a, b) => a >= b,
);
