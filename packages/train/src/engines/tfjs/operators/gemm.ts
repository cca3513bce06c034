import { floatAttribute, intAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const gemm: TfjsOperator = {
  op: 'Gemm',
  run: (call) => {
    const { attributes, inputs } = call;
    const transposed = (name: string) => intAttribute(attributes, name, 0) === 1;
    const product = tf.matMul(
      onDevice(input(call, 0)),
      onDevice(input(call, 1)),
      transposed('transA'),
      transposed('transB'),
    );
    const scaled = times(product, floatAttribute(attributes, 'alpha', 1));
    const c = inputs[2];
    return c ? tf.add(scaled, times(onDevice(c), floatAttribute(attributes, 'beta', 1))) : scaled;
  },
};

function times(x: tf.Tensor, factor: number): tf.Tensor {
  return factor === 1 ? x : tf.mul(x, tf.scalar(factor));
}
