import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const not = unary('Not', (x) => tf.logicalNot(x));
