import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const equal = truth(
  'Equal',
  (a, b) => tf.equal(a, b),
  (a, b) => a === b,
);
