import * as tf from '@tensorflow/tfjs-core';
import { extreme, reduction } from './shared/reductions.js';

export const reduceMax = reduction(
  'ReduceMax',
  extreme((x, axes, keepDims) => tf.max(x, axes, keepDims)),
);
