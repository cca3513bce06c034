import { normalAxis } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { numbers, onDevice, shapeOf } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';

export const slice: TfjsOperator = {
  op: 'Slice',
  run: (call) => {
    const x = input(call, 0);
    const sizes = shapeOf(x);
    const list = (index: number) => call.inputs[index] && numbers(call.inputs[index]);
    const [starts = [], ends = []] = [list(1), list(2)];
    const axes = list(3) ?? starts.map((_, axis) => axis);
    const steps = list(4);
    return axes.reduce<tf.Tensor>((value, given, place) => {
      const axis = normalAxis('Slice', given, sizes.length);
      const step = steps?.[place] ?? 1;
      const range = rangeOf(sizes[axis] ?? 0, starts[place] ?? 0, ends[place] ?? 0, step);
      return taken(value, axis, range);
    }, onDevice(x));
  },
};

/** What a slice takes of one axis. */
interface SliceRange {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The specification's clamping: a slice that walks backwards may end before the first element. */
function rangeOf(size: number, from: number, to: number, step: number): SliceRange {
  const clamp = (bound: number, least: number, most: number) =>
    Math.min(Math.max(bound < 0 ? bound + size : bound, least), most);
  const start = step > 0 ? clamp(from, 0, size) : clamp(from, 0, size - 1);
  const end = step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
  return { start, step, count: Math.max(0, Math.ceil((end - start) / step)) };
}

function taken(x: tf.Tensor, axis: number, { start, step, count }: SliceRange): tf.Tensor {
  if (step === 1) {
    return tf.slice(
      x,
      x.shape.map((_, index) => (index === axis ? start : 0)),
      x.shape.with(axis, count),
    );
  }
  // TensorFlow.js has no gradient for slices in steps, but for picking.
  const places = Int32Array.from({ length: count }, (_, index) => start + index * step);
  return tf.gather(x, tf.tensor1d(places, 'int32'), axis);
}
