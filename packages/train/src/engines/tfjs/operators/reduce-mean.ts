import * as tf from '@tensorflow/tfjs-core';
import { reduction } from './shared/reductions.js';

export const reduceMean = reduction('ReduceMean', (x, axes, keepDims) => tf.mean(x, axes, keepDims));
