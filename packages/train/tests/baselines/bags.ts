import type { SparseInputs } from '@winning-tickets/datasets';
import type { ClassifiedSamples } from '../../src/baselines/classifier.js';

/** Bags of words from one list of `[word, value]` per document. */
export function bags(rows: readonly (readonly (readonly [number, number])[])[], words: number): SparseInputs {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (offsets[index + 1] = (offsets[index] ?? 0) + row.length));
  return {
    layout: 'sparse',
    dtype: 'float32',
    shape: [rows.length, words],
    offsets,
    indices: Int32Array.from(rows.flat(), ([word]) => word),
    values: Float32Array.from(rows.flat(), ([, value]) => value),
  };
}

export function labelsOf(classes: readonly number[]): ClassifiedSamples['labels'] {
  return { dtype: 'int32', shape: [classes.length], data: Int32Array.from(classes) };
}
