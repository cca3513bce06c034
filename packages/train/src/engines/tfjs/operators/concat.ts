import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { isChannelsLast, isWhole, onDevice, shapeOf, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const concat: TfjsOperator = {
  op: 'Concat',
  run: (call) => {
    const values = call.inputs.map((_, index) => input(call, index));
    const { length: rank } = shapeOf(input(call, 0));
    const axis = normalAxis('Concat', intAttribute(call.attributes, 'axis', 0), rank);
    // Lists of sizes.
    if (values.every(isWhole) && rank === 1) {
      const all = values.flatMap(({ data }) => [...data]);
      return whole(all, [all.length]);
    }
    if (values.every(isChannelsLast) && axis === 1) {
      return {
        channelsLast: tf.concat(
          values.map(({ channelsLast }) => channelsLast),
          rank - 1,
        ),
      };
    }
    return tf.concat(values.map(onDevice), axis);
  },
};
