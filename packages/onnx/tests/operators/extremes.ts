import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphBuilder, Operator, Value } from '../../src/index.js';
import { add, constantLike, gradients } from '../../src/index.js';
import { testBinary, testBinaryGradient } from './elementwise.js';
import {
  batched,
  counting,
  float64,
  runGraph,
  shapeOf,
  tensorsOf,
  testGradient,
  valuesOf,
} from './support.js';

type Extreme = (builder: GraphBuilder, ...values: readonly Value[]) => Value;

/** The laws of an elementwise maximum or minimum. */
export function testExtreme(
  operator: Operator,
  apply: Extreme,
  meaning: (...numbers: number[]) => number,
): void {
  const { op } = operator;
  testBinary(operator, apply, meaning, [-2, 2]);
  // Moved off the grid of the numbers drawn, so that no two tie: where they do there is no derivative.
  testBinaryGradient(operator, (b, x, y) => apply(b, x, add(b, y, constantLike(b, y, 0.01))), [-2, 2]);
  testGradient(
    `${op} of three values`,
    (b, x, y, z) => apply(b, x, y, z),
    fc.tuple(
      tensorsOf([2, 3], -2, 2).map((x) => batched(x)),
      tensorsOf([3], -1.99, 2.01),
      tensorsOf([], -1.98, 2.02),
    ),
  );

  test(`${op} takes one value and more`, async () => {
    expect(await valuesOf((b, x) => apply(b, x), float64([3, 1]))).toEqual([3, 1]);
    const three = [float64([1, 5, 3]), float64([4, 2, 2]), float64([0, 9, 2.5])] as const;
    expect(await valuesOf((b, x, y, z) => apply(b, x, y, z), ...three)).toEqual(
      [0, 1, 2].map((index) => meaning(...three.map(({ data }) => data[index] ?? NaN))),
    );
    const shape = shapeOf(
      (b, x, y, z) => apply(b, x, y, z),
      ['float32', 'batch', 1],
      ['float32', 4],
      ['float32'],
    );
    expect(shape).toEqual(['batch', 4]);
    const [result] = await runGraph(apply, [batched(counting('float32', [2, 3])), counting('float32', [3])]);
    expect(result?.shape).toEqual([2, 3]);
  });

  test(`values that tie in ${op} share the gradient`, async () => {
    const slopes = await runGraph(
      (b, x, y, z) => gradients(b, apply(b, x, y, z), [x, y, z]),
      [float64([1, 2]), float64([1, 2]), float64([1, meaning(1, 3)])],
    );
    const last = meaning(1, 3) === meaning(2, meaning(1, 3)) ? 1 : 0;
    expect(slopes.map(({ data }) => Array.from(data as Float64Array))).toEqual([
      [1 / 3, (1 - last) / 2],
      [1 / 3, (1 - last) / 2],
      [1 / 3, last],
    ]);
  });
}
