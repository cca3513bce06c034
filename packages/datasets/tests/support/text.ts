import { expect } from 'vitest';
import type { Dataset, Samples, SparseInputs } from '../../src/index.js';

/** How many samples of each class; a sample of several counts for each. */
export function countOfEach({ labels }: Samples, classes: number): number[] {
  const counts = Array<number>(classes).fill(0);
  labels.data.forEach((value, index) => {
    const label = labels.dtype === 'int32' ? value : index % classes;
    counts[label] = (counts[label] ?? 0) + (labels.dtype === 'int32' ? 1 : value);
  });
  return counts;
}

/** The counts of training (with validation) and test samples. */
export function sizesOf({ train, validation, test }: Dataset): [number, number] {
  const [first = 0, second = 0, third = 0] = [train, validation, test].map(
    ({ labels }) => labels.shape[0] ?? 0,
  );
  return [first + second, third];
}

/** The sparse inputs of a side, after a check of their form. */
export function sparseOf({ inputs }: Samples): SparseInputs {
  if (inputs.layout !== 'sparse') throw new Error('expected sparse inputs');
  const { shape, offsets, indices, values } = inputs;
  expect(offsets).toHaveLength(shape[0] + 1);
  expect(indices).toHaveLength(values.length);
  expect(offsets[0]).toBe(0);
  expect(offsets.at(-1)).toBe(values.length);
  // Loops, since an expectation for each of half a million values takes seconds.
  const misplaced = indices.findIndex(
    (column, place) => column < 0 || column >= shape[1] || values[place] === 0,
  );
  expect(misplaced).toBe(-1);
  for (let row = 0; row < shape[0]; row++) {
    const columns = indices.subarray(offsets[row], offsets[row + 1]);
    if (columns.some((column, place) => place > 0 && column <= (columns[place - 1] ?? 0))) {
      throw new Error(`row ${row} is not in ascending order`);
    }
  }
  return inputs;
}
