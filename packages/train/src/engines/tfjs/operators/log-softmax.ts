import * as tf from '@tensorflow/tfjs-core';
import { alongAxis } from './shared/softmaxes.js';

export const logSoftmax = alongAxis('LogSoftmax', (x) => tf.logSoftmax(x));
