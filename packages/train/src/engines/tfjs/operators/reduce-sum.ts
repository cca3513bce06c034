import * as tf from '@tensorflow/tfjs-core';
import { reduction } from './shared/reductions.js';

export const reduceSum = reduction('ReduceSum', (x, axes, keepDims) => tf.sum(x, axes, keepDims));
