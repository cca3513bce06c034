import * as tf from '@tensorflow/tfjs-core';
import { alongAxis } from './shared/softmaxes.js';

export const softmax = alongAxis('Softmax', (x) => tf.softmax(x));
