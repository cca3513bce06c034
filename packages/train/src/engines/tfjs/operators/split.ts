import { intAttribute, normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { Held } from '../held.js';
import { isWhole, numbers, onDevice, shapeOf, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const split: TfjsOperator = {
  op: 'Split',
  run: (call): Held[] => {
    const x = input(call, 0);
    const shape = shapeOf(x);
    const axis = normalAxis('Split', intAttribute(call.attributes, 'axis', 0), shape.length);
    const sizes = numbers(input(call, 1));
    if (!isWhole(x) || shape.length > 1) return tf.split(onDevice(x), sizes, axis);
    const ends = sizes.map((_, part) => sizes.slice(0, part + 1).reduce((sum, size) => sum + size, 0));
    return sizes.map((size, part) => {
      const end = ends[part] ?? 0;
      return whole([...x.data.subarray(end - size, end)], [size]);
    });
  },
};
