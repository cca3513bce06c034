import * as tf from '@tensorflow/tfjs-core';
import { binary } from './shared/elementwise.js';

export const pow = binary('Pow', (a, b) => tf.pow(a, b));
