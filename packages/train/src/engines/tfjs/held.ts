import type { Tensor } from '@winning-tickets/onnx';
import { numbersOf, shapeText, tensor } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';

/**
 * int64 numbers. TensorFlow.js has none: sizes, lists of axes and the arithmetic of dropout masks are worked out here, in
 * TypeScript, exactly. No gradient flows through them.
 */
export type Whole = Tensor<'int64'>;

/**
 * An image `[batch, channels, ...sizes]` that lies in memory as `[batch, ...sizes, channels]`, as the convolutions of
 * TensorFlow.js want it. One operator hands it to the next as it is; who needs the other order gets it from `onDevice`.
 */
export interface ChannelsLast {
  readonly channelsLast: tf.Tensor;
}

/** What an ONNX value is while a graph is walked. */
export type Held = tf.Tensor | Whole | ChannelsLast;

export function isWhole(value: Held): value is Whole {
  return !(value instanceof tf.Tensor) && 'data' in value;
}

export function isChannelsLast(value: Held): value is ChannelsLast {
  return 'channelsLast' in value;
}

/** The value as a tensor of TensorFlow.js with ONNX's order of axes; int64 becomes int32. */
export function onDevice(value: Held): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  if (isChannelsLast(value)) return tf.transpose(value.channelsLast, channelsFirstOrder(value));
  return tf.tensor(Int32Array.from(value.data, Number), [...value.shape], 'int32');
}

/** The image in the order that convolutions want. */
export function withChannelsLast(value: Held): tf.Tensor {
  if (isChannelsLast(value)) return value.channelsLast;
  const x = onDevice(value);
  return tf.transpose(x, [0, ...x.shape.slice(2).map((_, axis) => axis + 2), 1]);
}

export function shapeOf(value: Held): readonly number[] {
  if (!isChannelsLast(value)) return value.shape;
  const { shape } = value.channelsLast;
  return channelsFirstOrder(value).map((axis) => shape[axis] ?? 0);
}

/** The whole numbers that an operator is told: sizes, axes, places. @throws Error when they are computed on the device. */
export function numbers(value: Held): number[] {
  if (isWhole(value)) return numbersOf(value);
  throw new Error(
    `takes whole numbers that are known before it runs, found a computed value of shape ${shapeText(shapeOf(value))}`,
  );
}

export function whole(values: readonly (number | bigint)[], shape: readonly number[]): Whole {
  return tensor('int64', shape, BigInt64Array.from(values, BigInt));
}

function channelsFirstOrder({ channelsLast: { rank } }: ChannelsLast): number[] {
  return [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 1)];
}
