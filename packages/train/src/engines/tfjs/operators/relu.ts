import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const relu = unary('Relu', (x) => tf.relu(x));
