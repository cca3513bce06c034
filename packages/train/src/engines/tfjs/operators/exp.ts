import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const exp = unary('Exp', (x) => tf.exp(x));
