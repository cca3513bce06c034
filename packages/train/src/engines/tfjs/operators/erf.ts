import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const erf = unary('Erf', (x) => tf.erf(x));
