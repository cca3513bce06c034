import type { Tensor } from '@winning-tickets/onnx';
import { zeros } from '@winning-tickets/onnx';
import type { Labels } from '@winning-tickets/ticket';
import { agreement, answersOf } from '@winning-tickets/ticket';
import type { ExportCheck, Tolerance } from './export-check.js';

/** Adds up, batch by batch, how two models' logits compare. */
export interface Tally {
  /** @param expected of the trained network, `[batch, classes]`; `found` of the exported one, likewise. */
  add(expected: Tensor<'float32'>, found: Tensor<'float32'>): void;
  compare(tolerance: Tolerance): ExportCheck;
}

/**
 * @param labels of all samples, in the order in which their logits are added.
 * @param classes number of logits of a sample.
 */
export function tally(labels: Labels, classes: number): Tally {
  const [samples = 0] = labels.shape;
  const reference = answers(labels, classes);
  const exported = answers(labels, classes);
  let maxLogitDifference = 0;
  let largest = 1;
  return {
    add(expected, found) {
      reference.add(expected.data);
      exported.add(found.data);
      expected.data.forEach((value, index) => {
        largest = Math.max(largest, Math.abs(value));
        maxLogitDifference = Math.max(maxLogitDifference, Math.abs(value - (found.data[index] ?? NaN)));
      });
    },
    compare(tolerance) {
      const { accuracy: referenceAccuracy, ...referenceF1 } = reference.agreement();
      const { accuracy, ...f1 } = exported.agreement();
      const compared = {
        samples,
        accuracy,
        referenceAccuracy,
        loss: exported.loss() / samples,
        referenceLoss: reference.loss() / samples,
        f1,
        referenceF1,
        sameAnswers: shareOfSame(reference.predicted, exported.predicted, samples),
        maxLogitDifference,
        tolerance,
      };
      const problem = problemOf(compared, tolerance.logit * largest);
      return { ...compared, equal: problem === undefined, ...(problem === undefined ? {} : { problem }) };
    },
  };
}

function problemOf(
  check: Omit<ExportCheck, 'equal' | 'problem'>,
  allowedDifference: number,
): string | undefined {
  const { samples, accuracy, referenceAccuracy, maxLogitDifference: difference, tolerance } = check;
  // Math.max keeps NaN: a logit that is not finite on either side ends up here.
  if (!Number.isFinite(difference)) return 'a logit of one of the two networks is not a finite number';
  if (difference > allowedDifference) {
    return `a logit differs by ${difference}, allowed is ${allowedDifference}`;
  }
  const [found, expected] = [accuracy, referenceAccuracy].map((share) => Math.round(share * samples));
  if (Math.abs(accuracy - referenceAccuracy) <= tolerance.accuracy) return undefined;
  return (
    `the exported model classifies ${found} of ${samples} samples correctly, the trained network ${expected}` +
    (tolerance.accuracy === 0 ? '' : `; allowed is a difference of ${tolerance.accuracy * samples}`)
  );
}

/** What one model answers. */
interface Answers {
  /** In the form of the labels. */
  readonly predicted: Labels;
  add(logits: Float32Array): void;
  agreement(): ReturnType<typeof agreement>;
  /** The sum over the samples, in nats. */
  loss(): number;
}

function answers(labels: Labels, classes: number): Answers {
  const predicted = zeros(labels.dtype, labels.shape) as Labels;
  const width = labels.dtype === 'int32' ? 1 : classes;
  let sample = 0;
  let loss = 0;
  return {
    predicted,
    add(logits) {
      predicted.data.set(answersOf(logits, classes, labels.dtype).data, sample * width);
      for (let start = 0; start < logits.length; start += classes) {
        const own = logits.subarray(start, start + classes);
        loss +=
          labels.dtype === 'int32'
            ? crossEntropy(own, labels.data[sample] ?? NaN)
            : binaryCrossEntropy(own, labels.data.subarray(sample * classes, (sample + 1) * classes));
        sample += 1;
      }
    },
    agreement: () => agreement(predicted, labels, classes),
    loss: () => loss,
  };
}

function shareOfSame({ data, shape: [, width = 1] }: Labels, other: Labels, samples: number): number {
  const different = new Set<number>();
  data.forEach((value, index) => {
    if (value !== other.data[index]) different.add(Math.floor(index / width));
  });
  return 1 - different.size / samples;
}

// Losses in double precision.

function crossEntropy(logits: Float32Array, label: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return largest + Math.log(sum) - (logits[label] ?? NaN);
}

// The mean over the classes; in this form it overflows for no logit.
function binaryCrossEntropy(logits: Float32Array, labels: Uint8Array): number {
  const total = logits.reduce(
    (sum, logit, index) =>
      sum + Math.max(logit, 0) - logit * (labels[index] ?? NaN) + Math.log1p(Math.exp(-Math.abs(logit))),
    0,
  );
  return total / logits.length;
}
