import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const lessOrEqual = truth(
  'LessOrEqual',
  (a, b) => tf.lessEqual(a, b),
  (a, b) => a <= b,
);
