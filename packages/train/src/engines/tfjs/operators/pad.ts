import { stringAttribute } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { numbers, onDevice } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const pad: TfjsOperator = {
  op: 'Pad',
  run: (call) => {
    const x = onDevice(input(call, 0));
    const counts = numbers(input(call, 1));
    const mode = stringAttribute(call.attributes, 'mode', 'constant');
    if (mode !== 'constant' || call.inputs[3]) throw new Error('pads with a constant over all axes alone');
    const value = call.inputs[2] ? (onDevice(call.inputs[2]).dataSync()[0] ?? 0) : 0;
    const around = x.shape.map((_, axis): [number, number] => [
      counts[axis] ?? 0,
      counts[axis + x.rank] ?? 0,
    ]);
    // Negative counts take elements away.
    const kept = tf.slice(
      x,
      around.map(([begin]) => Math.max(0, -begin)),
      around.map(([begin, end], axis) => (x.shape[axis] ?? 0) + Math.min(0, begin) + Math.min(0, end)),
    );
    const grown = around.map(([begin, end]): [number, number] => [Math.max(0, begin), Math.max(0, end)]);
    return tf.pad(kept, grown, value);
  },
};
