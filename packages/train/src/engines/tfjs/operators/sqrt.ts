import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const sqrt = unary('Sqrt', (x) => tf.sqrt(x));
