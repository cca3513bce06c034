import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const neg = unary('Neg', (x) => tf.neg(x));
