import * as tf from '@tensorflow/tfjs-core';
import { truth } from './shared/elementwise.js';

export const and = truth('And', (a, b) => tf.logicalAnd(a, b));
