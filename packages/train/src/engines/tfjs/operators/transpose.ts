import { intsAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const transpose: TfjsOperator = {
  op: 'Transpose',
  run: (call) => {
    const order = intsAttribute(call.attributes, 'perm');
    return tf.transpose(onDevice(input(call, 0)), order && [...order]);
  },
};
