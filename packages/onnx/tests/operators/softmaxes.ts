import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphBuilder, Operator, Value } from '../../src/index.js';
import { gradients, mul } from '../../src/index.js';
import type { Build } from './support.js';
import {
  at,
  batched,
  counting,
  float64,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

type Softmax = (builder: GraphBuilder, x: Value, axis?: number) => Value;

/** The laws of the softmax and its logarithm. */
export function testSoftmax(
  operator: Operator,
  apply: Softmax,
  meaning: (exponential: number, sum: number) => number,
): void {
  const { op } = operator;
  const along =
    (axis?: number): Build =>
    (b, x) =>
      apply(b, x, axis);

  testDTypes(operator, (dtype) => [along(), batched(counting(dtype, [2, 3]))]);

  test(`${op} runs along the last axis unless told otherwise`, async () => {
    const rows = [
      [1, -0.5, 2],
      [0, 0.25, -3],
    ];
    const x = float64(rows.flat(), [2, 3]);
    const of = (list: readonly number[], place: number) =>
      meaning(
        Math.exp(at(list, place)),
        list.reduce((sum, number) => sum + Math.exp(number), 0),
      );
    const byRow = rows.flatMap((row) => row.map((_, place) => of(row, place)));
    const byColumn = rows.flatMap((row, place) =>
      row.map((_, column) =>
        of(
          rows.map((each) => at(each, column)),
          place,
        ),
      ),
    );
    for (const [axis, expected] of [
      [undefined, byRow] as const,
      [1, byRow] as const,
      [0, byColumn] as const,
    ]) {
      const result = await valuesOf(along(axis), x);
      result.forEach((value, index) => {
        expect(value).toBeCloseTo(at(expected, index), 12);
      });
    }
  });

  test(`${op} does not overflow`, async () => {
    const result = await valuesOf(along(), float64([1000, 1000]));
    result.forEach((value) => {
      expect(value).toBeCloseTo(meaning(1, 2), 12);
    });
  });

  describe.each([-1, 0, 1])(`${op} along axis %d`, (axis) => {
    const inputs = fc.tuple(tensorsOf([2, 3, 2]).map((x) => batched(x)));
    testGradient(op, along(axis), inputs);
    testGradient(
      `the gradient of ${op}`,
      (b, x) => {
        const y = apply(b, x, axis);
        return gradients(b, mul(b, y, mul(b, y, y)), [x]);
      },
      inputs,
    );
  });

  test(`${op} keeps a symbolic batch, and refuses an axis outside the rank`, () => {
    expect(shapeOf(along(), ['float32', 'batch', 3])).toEqual(['batch', 3]);
    expect(() => shapeOf(along(2), ['float32', 2, 3])).toThrow(`${op}: axis 2 is outside rank 2`);
    expect(() => shapeOf((b, x) => b.add(op, [x]), ['float32'])).toThrow(`${op}: axis -1 is outside rank 0`);
  });
}
