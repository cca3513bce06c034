import { stringAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { scattered } from './shared/scatter.js';

/** Of whole slices along the first axis, named by indices `[n, 1]`. */
export const scatterND: TfjsOperator = {
  op: 'ScatterND',
  run: (call) => {
    const [data, indices, updates] = [0, 1, 2].map((index) => onDevice(input(call, index)));
    if (!data || !indices || !updates) throw new Error('takes data, indices and updates');
    const rows = tf.reshape<tf.Rank.R1>(indices, [-1]);
    return scattered(data, rows, updates, stringAttribute(call.attributes, 'reduction', 'none'));
  },
};
