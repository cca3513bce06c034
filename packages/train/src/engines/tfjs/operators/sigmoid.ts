import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const sigmoid = unary('Sigmoid', (x) => tf.sigmoid(x));
