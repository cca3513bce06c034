import type { Samples } from '@winning-tickets/datasets';

/** What a baseline learns from: samples of one class each. */
export interface ClassifiedSamples {
  readonly inputs: Samples['inputs'];
  readonly labels: Extract<Samples['labels'], { dtype: 'int32' }>;
}

/** The class that a classifier gives to each sample, `[n]`. */
export type Classifier = (inputs: Samples['inputs']) => Int32Array;

/** How many samples each class has, `[classes]`. */
export function classCounts({ labels }: Pick<ClassifiedSamples, 'labels'>, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const label of labels.data) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
