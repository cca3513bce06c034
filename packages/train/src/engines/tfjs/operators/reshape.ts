import { intAttribute, sizeOf, tensor } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { isWhole, numbers, onDevice, shapeOf } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const reshape: TfjsOperator = {
  op: 'Reshape',
  run: (call) => {
    const x = input(call, 0);
    const zeroKeeps = intAttribute(call.attributes, 'allowzero', 0) === 0;
    const shape = reshaped(shapeOf(x), numbers(input(call, 1)), zeroKeeps);
    return isWhole(x) ? tensor('int64', shape, x.data) : tf.reshape(onDevice(x), shape);
  },
};

/** The sizes asked for: 0 stands for that of the value, -1 for what is left. */
function reshaped(from: readonly number[], target: readonly number[], zeroKeeps: boolean): number[] {
  const sizes = target.map((size, axis) => (size === 0 && zeroKeeps ? (from[axis] ?? 0) : size));
  const known = sizeOf(sizes.filter((size) => size !== -1));
  return sizes.map((size) => (size === -1 ? sizeOf(from) / known : size));
}
