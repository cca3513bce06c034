import * as tf from '@tensorflow/tfjs-core';
import { extreme, reduction } from './shared/reductions.js';

export const reduceMin = reduction(
  'ReduceMin',
  extreme((x, axes, keepDims) => tf.min(x, axes, keepDims)),
);
