import { tensor } from '@winning-tickets/onnx';
import { describe, expect, test } from 'vitest';
import { agreement } from '../src/index.js';

const classes = (...numbers: number[]) => tensor('int32', [numbers.length], Int32Array.from(numbers));
const sets = (...rows: number[][]) =>
  tensor('uint8', [rows.length, rows[0]?.length ?? 0], Uint8Array.from(rows.flat()));

describe('of single classes', () => {
  test('accuracy is the share that is right, and macro-F1 counts every class the same', () => {
    // Class 0: 3 right, 1 wrong; class 1: 1 missed; class 2: 1 right.
    const { accuracy, macroF1, microF1 } = agreement(classes(0, 0, 0, 0, 2), classes(0, 0, 0, 1, 2), 3);
    expect(accuracy).toBe(0.8);
    expect(macroF1).toBeCloseTo((6 / 7 + 0 + 1) / 3, 12);
    expect(microF1).toBeUndefined();
  });

  test('classes that are nowhere are left out', () => {
    expect(agreement(classes(1, 1), classes(1, 1), 5)).toEqual({ accuracy: 1, macroF1: 1 });
  });
});

describe('of sets of classes', () => {
  test('accuracy is the share of whole sets, F1 is over the classes', () => {
    const labels = sets([1, 0, 1], [0, 1, 0], [0, 0, 0]);
    const predicted = sets([1, 0, 0], [0, 1, 0], [1, 0, 0]);
    const { accuracy, macroF1, microF1 } = agreement(predicted, labels, 3);
    expect(accuracy).toBeCloseTo(1 / 3, 12);
    expect(macroF1).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
    expect(microF1).toBeCloseTo(4 / 6, 12);
  });

  test('F1 of nothing at all is 0', () => {
    expect(agreement(sets([0, 0]), sets([0, 0]), 2)).toEqual({ accuracy: 1, macroF1: 0, microF1: 0 });
  });
});
