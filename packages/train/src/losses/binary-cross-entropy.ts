import type { GraphBuilder, Value } from '@winning-tickets/onnx';
import {
  abs,
  add,
  cast,
  constantLike,
  exp,
  log,
  mul,
  neg,
  reduceMean,
  relu,
  sub,
} from '@winning-tickets/onnx';

/**
 * Cross-entropy of sigmoid probabilities, class by class, with which classes a sample truly has: in nats, the mean over
 * the classes, one per sample.
 *
 * Per class `max(x, 0) - x z + log(1 + exp(-|x|))`, which overflows for no logit.
 *
 * @param logits `[batch, classes]` float32 or float64.
 * @param labels `[batch, classes]` uint8, 1 for a class that the sample has and 0 for another.
 * @returns `[batch]`, in the dtype of the logits.
 */
export function binaryCrossEntropy(builder: GraphBuilder, logits: Value, labels: Value): Value {
  const truth = cast(builder, labels, logits.dtype);
  const decay = exp(builder, neg(builder, abs(builder, logits)));
  const softplus = log(builder, add(builder, decay, constantLike(builder, logits, 1)));
  const linear = sub(builder, relu(builder, logits), mul(builder, logits, truth));
  return reduceMean(builder, add(builder, linear, softplus), [1], false);
}
