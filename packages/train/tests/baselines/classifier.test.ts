import { expect, test } from 'vitest';
import { classified } from '../../src/baselines/classifier.js';
import { bags } from './bags.js';

test('sets of classes are refused in one sentence that names the dataset', () => {
  const labels = { dtype: 'uint8', shape: [1, 2], data: Uint8Array.of(1, 1) } as const;
  expect(() => classified({ id: 'many' }, { inputs: bags([[]], 1), labels })).toThrow(
    'dataset many: expected one class for each sample, found sets of classes: use a dataset of single classes',
  );
});
