import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GraphBuilder, Operator, Tensor, Value } from '../../src/index.js';
import type { Build } from './support.js';
import {
  at,
  batched,
  counting,
  float64,
  runGraph,
  shapeOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

type Reduce = (builder: GraphBuilder, x: Value, axes?: readonly number[], keepDims?: boolean) => Value;

const reductions = [undefined, [0], [1], [-1], [0, 2], [0, 1, 2]] as const;

/** The laws of a reduction: its shape, its kernels, its meaning and its gradient. */
export function testReduction(
  operator: Operator,
  reduce: Reduce,
  meaning: (list: readonly number[]) => number,
  tensors: (shape: readonly number[]) => fc.Arbitrary<Tensor<'float64'>>,
): void {
  const { op } = operator;
  const over =
    (axes: readonly number[] | undefined, keepDims: boolean): Build =>
    (b, x) =>
      reduce(b, x, axes, keepDims);

  testDTypes(operator, (dtype) => [over([1], false), batched(counting(dtype, [2, 3]))]);

  test(`${op} reduces rows, columns or everything`, async () => {
    const x = float64([1, 5, 3, 4, 2, 9], [2, 3]);
    const rows = [
      [1, 5, 3],
      [4, 2, 9],
    ];
    expect(await valuesOf(over([1], false), x)).toEqual(rows.map(meaning));
    expect(await valuesOf(over([0], true), x)).toEqual(
      [0, 1, 2].map((c) => meaning(rows.map((row) => at(row, c)))),
    );
    expect(await valuesOf(over(undefined, false), x)).toEqual([meaning(rows.flat())]);
  });

  describe.each([false, true])(`${op} with keepDims %s`, (keepDims) => {
    for (const axes of reductions) {
      const title = `${op} over ${axes ? `axes ${axes.join(', ')}` : 'all axes'}`;
      test(`${title}: the shape is the runtime's`, async () => {
        const x = counting('float64', [2, 3, 2]);
        for (const input of [x, batched(x)]) {
          const [result] = await runGraph(over(axes, keepDims), [input]);
          expect(result?.shape).toHaveLength(keepDims ? 3 : 3 - (axes?.length ?? 3));
        }
      });
      testGradient(title, over(axes, keepDims), fc.tuple(tensors([2, 3, 2])));
      testGradient(
        `${title} of a batch`,
        over(axes, keepDims),
        fc.tuple(tensors([2, 3, 2]).map((x) => batched(x))),
      );
    }
  });

  test(`${op} of values with two sizes that are not known passes its gradient back`, () => {
    const shape = shapeOf(over([2], false), ['float64', 'batch', 'words', 5]);
    expect(shape).toEqual(['batch', 'words']);
  });
  testGradient(
    `${op} of values with two sizes that are not known`,
    over([2], false),
    fc.tuple(tensors([2, 3, 2]).map((x) => ({ tensor: x, declared: ['batch', 'words', 2] }))),
  );

  test(`${op} refuses an axis outside the rank`, () => {
    expect(() => shapeOf(over([2], false), ['float32', 2, 3])).toThrow(`${op}: axis 2 is outside rank 2`);
  });

  test(`${op} needs axes that are known`, () => {
    expect(() => shapeOf((b, x, axes) => b.add(op, [x, axes]), ['float32', 2], ['int64', 1])).toThrow(
      `${op}: input 1 must be a constant int64 tensor for its shape to be known`,
    );
  });
}
