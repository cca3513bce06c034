import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const greater = truth(
  'Greater',
  (a, b) => tf.greater(a, b),
  (a, b) => a > b,
);
