import { intAttribute, normalAxis, stringAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { flatPlaces } from './shared/places.js';
import { scattered } from './shared/scatter.js';

export const scatterElements: TfjsOperator = {
  op: 'ScatterElements',
  run: (call) => {
    const data = onDevice(input(call, 0));
    const updates = tf.reshape(onDevice(input(call, 2)), [-1]);
    const axis = normalAxis('ScatterElements', intAttribute(call.attributes, 'axis', 0), data.rank);
    const places = flatPlaces(input(call, 1), data.shape, axis);
    const reduction = stringAttribute(call.attributes, 'reduction', 'none');
    return tf.reshape(scattered(tf.reshape(data, [-1]), places, updates, reduction), data.shape);
  },
};
