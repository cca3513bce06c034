import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice, shapeOf } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { flatPlaces } from './shared/places.js';

export const gatherElements: TfjsOperator = {
  op: 'GatherElements',
  run: (call) => {
    const data = onDevice(input(call, 0));
    const indices = input(call, 1);
    const axis = normalAxis('GatherElements', intAttribute(call.attributes, 'axis', 0), data.rank);
    const places = flatPlaces(indices, data.shape, axis);
    return tf.reshape(tf.gather(tf.reshape(data, [-1]), places), [...shapeOf(indices)]);
  },
};
