import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const abs = unary('Abs', (x) => tf.abs(x));
