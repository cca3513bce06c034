import * as tf from '@tensorflow/tfjs-core';
import { isWhole, onDevice, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const where: TfjsOperator = {
  op: 'Where',
  run: (call) => {
    const condition = onDevice(input(call, 0));
    const [a, b] = [input(call, 1), input(call, 2)];
    if (!isWhole(a) || !isWhole(b)) return tf.where(condition, onDevice(a), onDevice(b));
    // Sizes stay known, so that a shape may be made of them.
    const chosen = tf.where(condition, onDevice(a), onDevice(b));
    return whole([...chosen.dataSync()], chosen.shape);
  },
};
