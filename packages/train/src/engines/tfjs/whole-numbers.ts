import { sizeOf, tensor } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { Held, Whole } from './held.js';

/** The shape that two shapes broadcast to. @throws Error when there is none. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  return tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
}

/**
 * Two lists of whole numbers, broadcast, element by element.
 *
 * @param gives `bool` for truths, 0 or 1, which then lie on the device.
 */
export function broadcastWhole(
  a: Whole,
  b: Whole,
  of: (a: bigint, b: bigint) => bigint,
  gives: 'int64' | 'bool',
): Held {
  const shape = broadcastShape(a.shape, b.shape);
  const data = new BigInt64Array(sizeOf(shape));
  const [placeInA, placeInB] = [placesIn(a.shape, shape), placesIn(b.shape, shape)];
  for (let index = 0; index < data.length; index++) {
    data[index] = of(a.data[placeInA(index)] ?? 0n, b.data[placeInB(index)] ?? 0n);
  }
  return gives === 'int64'
    ? tensor('int64', shape, data)
    : tf.tensor(Uint8Array.from(data, Number), shape, 'bool');
}

/** Whole numbers repeated to a shape that they broadcast to. */
export function expandWhole(value: Whole, shape: readonly number[]): Whole {
  const placeIn = placesIn(value.shape, shape);
  const data = new BigInt64Array(sizeOf(shape));
  for (let index = 0; index < data.length; index++) data[index] = value.data[placeIn(index)] ?? 0n;
  return tensor('int64', shape, data);
}

/** Where the element of a broadcast result, by its number, comes from. */
function placesIn(from: readonly number[], to: readonly number[]): (index: number) => number {
  if (sizeOf(from) === 1) return () => 0;
  const strides = rowMajorStrides(from);
  const missing = to.length - from.length;
  const axes = rowMajorStrides(to).map((step, axis) => ({
    step,
    size: to[axis] ?? 1,
    // A repeated axis leads to the same element again.
    stride: (from[axis - missing] ?? 1) === 1 ? 0 : (strides[axis - missing] ?? 0),
  }));
  return (index) => {
    let place = 0;
    for (const { step, size, stride } of axes) place += (Math.floor(index / step) % size) * stride;
    return place;
  };
}

/** How far apart neighbours along each axis lie, row-major. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}
