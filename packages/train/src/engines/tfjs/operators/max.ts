import * as tf from '@tensorflow/tfjs-core';
import { extremeOfSeveral } from './shared/extremes.js';

export const max = extremeOfSeveral('Max', (a, b) => tf.greater(a, b));
