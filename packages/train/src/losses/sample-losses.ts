import type { DType, GraphBuilder, Value } from '@winning-tickets/onnx';
import { argMax, cast, constantLike, greater } from '@winning-tickets/onnx';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { crossEntropy } from './cross-entropy.js';

/**
 * The loss that suits the labels, in nats, one per sample: `crossEntropy` for one class each (int32), `binaryCrossEntropy`
 * for any number of classes (uint8).
 */
export function sampleLosses(builder: GraphBuilder, logits: Value, labels: Value): Value {
  return hasSets(labels)
    ? binaryCrossEntropy(builder, logits, labels)
    : crossEntropy(builder, logits, labels);
}

/**
 * What is predicted, in the form of the labels: the class of the largest logit, int32 `[batch]`, or every class whose
 * logit is above zero, its probability thus above a half, uint8 `[batch, classes]`.
 */
export function predictions(builder: GraphBuilder, logits: Value, labels: Value): Value {
  return hasSets(labels)
    ? cast(builder, greater(builder, logits, constantLike(builder, logits, 0)), 'uint8')
    : cast(builder, argMax(builder, logits, 1), 'int32');
}

/** Whether labels are any number of classes each. */
export function hasSets({ dtype }: { readonly dtype: DType }): boolean {
  return dtype === 'uint8';
}
