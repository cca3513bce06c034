import * as tf from '@tensorflow/tfjs-core';
import { unary } from './shared/elementwise.js';

export const log = unary('Log', (x) => tf.log(x));
