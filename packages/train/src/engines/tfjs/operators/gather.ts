import { intAttribute, normalAxis, numbersOf } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { Held, Whole } from '../held.js';
import { isWhole, onDevice, shapeOf, whole } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

/** Places that count from the end are understood where they are int64, which are known beforehand. */
export const gather: TfjsOperator = {
  op: 'Gather',
  run: (call) => {
    const data = input(call, 0);
    const axis = normalAxis('Gather', intAttribute(call.attributes, 'axis', 0), shapeOf(data).length);
    const indices = input(call, 1);
    if (isWhole(data) && isWhole(indices) && data.shape.length === 1) return picked(data, indices);
    return gathered(onDevice(data), onDevice(fromStart(indices, shapeOf(data)[axis] ?? 0)), axis);
  },
};

/** TensorFlow.js picks by vectors of places alone. */
function gathered(data: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
  const rows = tf.gather(data, tf.reshape(indices, [-1]), axis);
  return indices.rank === 1 ? rows : tf.reshape(rows, data.shape.toSpliced(axis, 1, ...indices.shape));
}

function fromStart(indices: Held, size: number): Held {
  if (!isWhole(indices)) return indices;
  return whole(
    numbersOf(indices).map((index) => (index < 0 ? index + size : index)),
    indices.shape,
  );
}

function picked({ data }: Whole, indices: Whole): Whole {
  return whole(
    numbersOf(indices).map((index) => data.at(index) ?? 0n),
    indices.shape,
  );
}
