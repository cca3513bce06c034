import type { SparseInputs } from '../dataset.js';
import type { BagWeights } from './text-options.js';
import type { Vocabulary } from './vocabulary.js';

/** One row of sparse inputs: values by column, columns ascending. */
export interface SparseRow {
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/**
 * A document as a bag of words, over the words of a vocabulary:
 *
 * - `binary`: 1 for each word that it has,
 * - `count`: how often it has the word,
 * - `tf-idf`: that count times the word's inverse document frequency, the row divided by its Euclidean length.
 *
 * Words that the vocabulary does not have are left out. A document without a known word is an empty row.
 */
export function vectorizeBag(
  tokens: readonly string[],
  vocabulary: Vocabulary,
  weights: BagWeights,
): SparseRow {
  const counts = new Map<number, number>();
  for (const token of tokens) {
    const number = vocabulary.numbers.get(token);
    if (number !== undefined) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  const indices = Int32Array.from(counts.keys()).sort();
  const values = Float64Array.from(indices, (number) => {
    const count = counts.get(number) ?? 0;
    if (weights === 'tf-idf') return count * (vocabulary.inverseDocumentFrequencies[number] ?? 0);
    return weights === 'binary' ? 1 : count;
  });
  return { indices, values: Float32Array.from(weights === 'tf-idf' ? normalized(values) : values) };
}

/** Rows one below the other, `[rows, width]`. */
export function stackRows(rows: readonly SparseRow[], width: number): SparseInputs {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach(({ indices }, row) => {
    offsets[row + 1] = (offsets[row] ?? 0) + indices.length;
  });
  const total = offsets.at(-1) ?? 0;
  const indices = new Int32Array(total);
  const values = new Float32Array(total);
  rows.forEach((row, index) => {
    indices.set(row.indices, offsets[index]);
    values.set(row.values, offsets[index]);
  });
  return { layout: 'sparse', dtype: 'float32', shape: [rows.length, width], offsets, indices, values };
}

function normalized(values: Float64Array): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? values : values.map((value) => value / length);
}
