import type { Tensor } from '@winning-tickets/onnx';
import type { ExportCheck } from './export-check.js';

/** Adds up, batch by batch, how two models' logits compare. */
export interface Tally {
  /** @param expected of the trained network, `[batch, classes]`; `found` of the exported one, likewise. */
  add(expected: Tensor<'float32'>, found: Tensor<'float32'>, labels: Int32Array): void;
  /** @param tolerance largest difference of logits, relative to the largest expected one (at least 1). */
  compare(tolerance: number): ExportCheck;
}

export function tally(): Tally {
  const reference = scores();
  const exported = scores();
  let samples = 0;
  let maxLogitDifference = 0;
  let largest = 1;
  return {
    add(expected, found, labels) {
      samples += labels.length;
      reference.add(expected, labels);
      exported.add(found, labels);
      expected.data.forEach((value, index) => {
        largest = Math.max(largest, Math.abs(value));
        maxLogitDifference = Math.max(maxLogitDifference, Math.abs(value - (found.data[index] ?? NaN)));
      });
    },
    compare(tolerance) {
      const limit = tolerance * largest;
      const problem = problemOf(reference.correct(), exported.correct(), maxLogitDifference, limit, samples);
      return {
        samples,
        accuracy: exported.correct() / samples,
        referenceAccuracy: reference.correct() / samples,
        loss: exported.loss() / samples,
        referenceLoss: reference.loss() / samples,
        maxLogitDifference,
        equal: problem === undefined,
        ...(problem === undefined ? {} : { problem }),
      };
    },
  };
}

function problemOf(
  expected: number,
  found: number,
  difference: number,
  limit: number,
  samples: number,
): string | undefined {
  // Math.max keeps NaN: a logit that is not finite on either side ends up here.
  if (!Number.isFinite(difference)) return 'a logit of one of the two networks is not a finite number';
  if (difference > limit) return `a logit differs by ${difference}, allowed is ${limit}`;
  if (expected !== found) {
    return `the exported model classifies ${found} of ${samples} samples correctly, the trained network ${expected}`;
  }
  return undefined;
}

function scores() {
  let correct = 0;
  let loss = 0;
  return {
    add({ data, shape: [, classes = 0] }: Tensor<'float32'>, labels: Int32Array): void {
      labels.forEach((label, sample) => {
        const logits = data.subarray(sample * classes, (sample + 1) * classes);
        if (indexOfLargest(logits) === label) correct += 1;
        loss += crossEntropy(logits, label);
      });
    },
    correct: () => correct,
    loss: () => loss,
  };
}

// The first of equal ones.
function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}

// In nats, in double precision.
function crossEntropy(logits: Float32Array, label: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return largest + Math.log(sum) - (logits[label] ?? NaN);
}
