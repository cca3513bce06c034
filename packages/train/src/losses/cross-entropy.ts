import type { DType, GraphBuilder, Value } from '@winning-tickets/onnx';
import {
  cast,
  equal,
  exp,
  log,
  mul,
  reduceMax,
  reduceSum,
  reshape,
  sub,
  tensor,
} from '@winning-tickets/onnx';

/**
 * Cross-entropy of softmax probabilities with the true classes, in nats, one per sample.
 *
 * Written in operators that every execution provider has a kernel for: Equal instead of OneHot, and
 * Sub/Exp/ReduceSum/Log instead of LogSoftmax.
 *
 * @param logits `[batch, classes]` float32 or float64.
 * @param labels `[batch]` int32.
 * @returns `[batch]`, in the dtype of the logits.
 * @throws Error when the number of classes is not known.
 */
export function crossEntropy(builder: GraphBuilder, logits: Value, labels: Value): Value {
  const classes = logits.shape[1];
  if (typeof classes !== 'number') throw new Error('cross-entropy needs a known number of classes');
  // Softmax does not change when a constant is taken off: the maximum needs no gradient.
  const maximum = builder.detach(reduceMax(builder, logits, [1], true));
  const shifted = sub(builder, logits, maximum);
  const logSum = log(builder, reduceSum(builder, exp(builder, shifted), [1], false));
  const chosen = reduceSum(
    builder,
    mul(builder, shifted, oneHot(builder, labels, classes, logits.dtype)),
    [1],
    false,
  );
  return sub(builder, logSum, chosen);
}

/** `[batch, classes]` with a 1 at each sample's class. */
function oneHot(builder: GraphBuilder, labels: Value, classes: number, dtype: DType): Value {
  const numbers = builder.constant(
    tensor(
      'int32',
      [1, classes],
      Int32Array.from({ length: classes }, (_, index) => index),
    ),
  );
  const column = reshape(builder, labels, [...labels.shape, 1]);
  return cast(builder, equal(builder, column, numbers), dtype);
}
