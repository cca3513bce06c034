import type { Tensor } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';

/** Class numbers, int32 `[n]`, or sets of classes, uint8 `[n, classes]`: 1 for a class that a sample has, 0 for another. */
export type Labels = Tensor<'int32'> | Tensor<'uint8'>;

/**
 * What logits answer, in the form of labels: of each sample the class of the largest logit, the first of equal ones; or
 * the set of the classes whose logits are above 0, where their probability is above a half.
 *
 * @param logits `[n, classes]`, row-major.
 */
export function answersOf(logits: Float32Array, classes: number, form: Labels['dtype']): Labels {
  const samples = logits.length / classes;
  if (form === 'uint8') {
    return tensor(
      'uint8',
      [samples, classes],
      Uint8Array.from(logits, (logit) => (logit > 0 ? 1 : 0)),
    );
  }
  const answers = Int32Array.from({ length: samples }, (_, sample) =>
    indexOfLargest(logits.subarray(sample * classes, (sample + 1) * classes)),
  );
  return tensor('int32', [samples], answers);
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}

/** How well predictions agree with the labels, each between 0 and 1. */
export interface Agreement {
  /** Share of the samples predicted right; of samples with sets of classes, those whose whole set is. */
  readonly accuracy: number;
  /**
   * Mean over the classes of `2 TP / (2 TP + FP + FN)`. Classes that neither the labels nor the predictions have are left
   * out; every other counts the same, however rare it is.
   */
  readonly macroF1: number;
  /** Of sets of classes: `2 TP / (2 TP + FP + FN)` of all classes together. (Of single classes it is the accuracy.) */
  readonly microF1?: number;
}

/**
 * Compares predictions with labels of the same form: class numbers, `[n]`, or sets of classes, `[n, classes]`.
 *
 * @param classes how many there are.
 */
export function agreement(predicted: Tensor, labels: Labels, classes: number): Agreement {
  return labels.dtype === 'int32'
    ? ofClasses(predicted.data as Int32Array, labels.data, classes)
    : ofSets(predicted.data as Uint8Array, labels.data, classes);
}

/** Per class how often it was predicted rightly, wrongly, and missed. */
interface Counts {
  readonly right: Int32Array;
  readonly wrong: Int32Array;
  readonly missed: Int32Array;
}

function noCounts(classes: number): Counts {
  const zeros = () => new Int32Array(classes);
  return { right: zeros(), wrong: zeros(), missed: zeros() };
}

function ofClasses(predicted: Int32Array, labels: Int32Array, classes: number): Agreement {
  const counts = noCounts(classes);
  labels.forEach((label, sample) => {
    const found = predicted[sample] ?? -1;
    if (found === label) increment(counts.right, label);
    else {
      increment(counts.wrong, found);
      increment(counts.missed, label);
    }
  });
  return { accuracy: total(counts.right) / labels.length, macroF1: macroF1(counts) };
}

function ofSets(predicted: Uint8Array, labels: Uint8Array, classes: number): Agreement {
  const counts = noCounts(classes);
  const samples = labels.length / classes;
  let wholly = 0;
  for (let sample = 0; sample < samples; sample++) {
    let same = true;
    for (let each = 0; each < classes; each++) {
      const has = labels[sample * classes + each] === 1;
      const found = predicted[sample * classes + each] === 1;
      if (has && found) increment(counts.right, each);
      else if (found) increment(counts.wrong, each);
      else if (has) increment(counts.missed, each);
      same &&= has === found;
    }
    if (same) wholly++;
  }
  const { right, wrong, missed } = counts;
  const microF1 = f1(total(right), total(wrong) + total(missed)) || 0;
  return { accuracy: wholly / samples, macroF1: macroF1(counts), microF1 };
}

function macroF1({ right, wrong, missed }: Counts): number {
  const each = Array.from(right, (count, index) => f1(count, (wrong[index] ?? 0) + (missed[index] ?? 0)));
  const known = each.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Not a number for a class that is nowhere. */
function f1(right: number, errors: number): number {
  return (2 * right) / (2 * right + errors);
}

function increment(counts: Int32Array, index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

function total(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
