import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const tanh = unary('Tanh', (x) => tf.tanh(x));
