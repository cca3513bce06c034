import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '@winning-tickets/onnx';
import type { Held } from '../../held.js';
import { isChannelsLast, isWhole, onDevice, shapeOf } from '../../held.js';
import { broadcastWhole } from '../../whole-numbers.js';
import { withoutGradient } from '../../without-gradient.js';
import type { TfjsOperator } from '../operator.js';
import { input } from '../operator.js';

/** Operators that work element by element: the order in which axes lie in memory is of no concern to them. */

export function unary(op: string, run: (x: tf.Tensor) => tf.Tensor): TfjsOperator {
  return { op, run: (call) => eachElement(input(call, 0), run) };
}

export function eachElement(x: Held, run: (x: tf.Tensor) => tf.Tensor): Held {
  return isChannelsLast(x) ? { channelsLast: run(x.channelsLast) } : run(onDevice(x));
}

/**
 * @param ofWhole the same for two int64 numbers; a truth as 0 or 1. Left out where the operator takes none.
 * @param gives what comes out of those.
 */
export function binary(
  op: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  ofWhole?: (a: bigint, b: bigint) => bigint,
  gives: 'int64' | 'bool' = 'int64',
): TfjsOperator {
  return {
    op,
    run: (call) => {
      const [a, b] = [input(call, 0), input(call, 1)];
      return ofWhole && isWhole(a) && isWhole(b)
        ? broadcastWhole(a, b, ofWhole, gives)
        : bothElements(a, b, run);
    },
  };
}

/** A comparison of numbers, or a combination of truths: no gradient flows through those. */
export function truth(
  op: string,
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  ofWhole?: (a: bigint, b: bigint) => boolean,
): TfjsOperator {
  return binary(
    op,
    (a, b) => withoutGradient(() => run(a, b)),
    ofWhole && ((a, b) => BigInt(ofWhole(a, b))),
    'bool',
  );
}

function bothElements(a: Held, b: Held, run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Held {
  if (isChannelsLast(a) || isChannelsLast(b)) {
    const left = besideChannelsLast(a, b);
    const right = besideChannelsLast(b, a);
    if (left && right) return { channelsLast: run(left, right) };
  }
  return run(onDevice(a), onDevice(b));
}

/** A value as it broadcasts beside another one that has its channels last; undefined where it would have to be turned. */
function besideChannelsLast(value: Held, other: Held): tf.Tensor | undefined {
  if (isChannelsLast(value)) return value.channelsLast;
  const shape = shapeOf(value);
  const elements = sizeOf(shape);
  if (elements === 1) return tf.reshape(onDevice(value), []);
  // One number per channel: `[channels, 1, …]`, or with a 1 for the batch before it.
  const channelAxis = shape.length - (shapeOf(other).length - 1);
  return channelAxis >= 0 && shape[channelAxis] === elements
    ? tf.reshape(onDevice(value), [elements])
    : undefined;
}
