import * as tf from '@tensorflow/tfjs-core';
import { isWhole, numbers, onDevice, shapeOf } from '../held.js';
import { broadcastShape, expandWhole } from '../whole-numbers.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const expand: TfjsOperator = {
  op: 'Expand',
  run: (call) => {
    const x = input(call, 0);
    const shape = broadcastShape(shapeOf(x), numbers(input(call, 1)));
    return isWhole(x) ? expandWhole(x, shape) : tf.broadcastTo(onDevice(x), shape);
  },
};
