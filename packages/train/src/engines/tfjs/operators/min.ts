import * as tf from '@tensorflow/tfjs-core';
import { extremeOfSeveral } from './shared/extremes.js';

export const min = extremeOfSeveral('Min', (a, b) => tf.less(a, b));
