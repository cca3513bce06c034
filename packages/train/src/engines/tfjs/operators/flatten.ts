import { intAttribute, normalAxis, sizeOf } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const flatten: TfjsOperator = {
  op: 'Flatten',
  run: (call) => {
    const x = onDevice(input(call, 0));
    const given = intAttribute(call.attributes, 'axis', 1);
    // The axis behind the last is allowed here.
    const axis = given === x.rank ? given : normalAxis('Flatten', given, x.rank);
    return tf.reshape(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
  },
};
