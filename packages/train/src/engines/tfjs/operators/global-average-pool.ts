import * as tf from '@tensorflow/tfjs-core';
import { withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const globalAveragePool: TfjsOperator = {
  op: 'GlobalAveragePool',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const sizes = Array.from({ length: x.rank - 2 }, (_, axis) => axis + 1);
    return { channelsLast: tf.mean(x, sizes, true) };
  },
};
