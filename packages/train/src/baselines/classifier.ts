import type { Dataset, Samples } from '@winning-tickets/datasets';

/** What a baseline learns from: samples of one class each. */
export interface ClassifiedSamples {
  readonly inputs: Samples['inputs'];
  readonly labels: Extract<Samples['labels'], { dtype: 'int32' }>;
}

/** The class that a classifier gives to each sample, `[n]`. */
export type Classifier = (inputs: Samples['inputs']) => Int32Array;

/**
 * A side of a dataset as one whose samples have one class each.
 *
 * @throws Error with one sentence when they have sets of classes.
 */
export function classified({ id }: Pick<Dataset, 'id'>, { inputs, labels }: Samples): ClassifiedSamples {
  if (labels.dtype === 'int32') return { inputs, labels };
  throw new Error(
    `dataset ${id}: expected one class for each sample, found sets of classes: use a dataset of single classes`,
  );
}

/** How many samples each class has, `[classes]`. */
export function classCounts({ labels }: Pick<ClassifiedSamples, 'labels'>, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels.data) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Share of the predictions that are right, 0 to 1. */
export function accuracyOf(predictions: Int32Array, labels: Int32Array): number {
  return (
    predictions.reduce((right, each, index) => right + (each === labels[index] ? 1 : 0), 0) / labels.length
  );
}
