import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const less = truth(
  'Less',
  (a, b) => tf.less(a, b),
  (a, b) => a < b,
);
