import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const or = truth('Or', (a, b) => tf.logicalOr(a, b));
