import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const sign = unary('Sign', (x) => tf.sign(x));
