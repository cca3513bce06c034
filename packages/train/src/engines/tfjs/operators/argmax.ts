import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

/** The first of the largest elements; int32 for int64. */
export const argMax: TfjsOperator = {
  op: 'ArgMax',
  run: (call) => {
    const x = onDevice(input(call, 0));
    const axis = normalAxis('ArgMax', intAttribute(call.attributes, 'axis', 0), x.rank);
    const index = tf.argMax(x, axis);
    return intAttribute(call.attributes, 'keepdims', 1) === 1 ? tf.expandDims(index, axis) : index;
  },
};
