import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, concat, GraphBuilder, int64, mul, split } from '../../src/index.js';
import { splitOperator } from '../../src/operators/split.js';
import type { Build } from './support.js';
import {
  at,
  batched,
  counting,
  runGraph,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

const into =
  (sizes: readonly number[], axis: number): Build =>
  (b, x) =>
    split(b, x, sizes, axis);

testDTypes(splitOperator, (dtype) => [into([1, 2], 1), counting(dtype, [2, 3])]);

test('Split cuts a value into parts of the sizes, in their order', async () => {
  const parts = await runGraph(into([1, 3, 2], -1), [batched(counting('float32', [2, 6]))]);
  expect(parts.map(({ shape }) => shape)).toEqual([
    [2, 1],
    [2, 3],
    [2, 2],
  ]);
  expect(parts.map(({ data }) => Array.from(data, Number))).toEqual([
    [1, 7],
    [2, 3, 4, 8, 9, 10],
    [5, 6, 11, 12],
  ]);
});

test('a part may be the whole, or empty', async () => {
  const parts = await runGraph(into([0, 3], 0), [counting('float32', [3])]);
  expect(parts.map(({ data }) => Array.from(data, Number))).toEqual([[], [1, 2, 3]]);
});

test('the sizes of the other axes stay, symbolic ones too', () => {
  expect(shapeOf(into([2, 1], 1), ['float32', 'n', 3, 4])).toEqual(['n', 2, 4]);
});

test('Concat undoes Split', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }),
      async (sizes) => {
        const total = sizes.reduce((sum, size) => sum + size, 0);
        const x = counting('float32', [2, total]);
        const joined: Build = (b, value) => concat(b, split(b, value, sizes, 1), 1);
        expect(await valuesOf(joined, x)).toEqual(Array.from(x.data, Number));
      },
    ),
    { seed: 1, numRuns: 6 },
  );
});

testGradient('Split with every part in use', into([1, 2], 1), fc.tuple(tensorsOf([2, 3])));
testGradient(
  'Split with a part that nothing uses',
  (b, x) => at(split(b, x, [1, 2, 1], 0), 1),
  fc.tuple(tensorsOf([4, 2])),
);
testGradient(
  'Split along the second axis of a batch, with a part that nothing uses',
  (b, x) => at(split(b, x, [2, 1], -1), 0),
  fc.tuple(tensorsOf([2, 3]).map((x) => batched(x))),
);
testGradient(
  'Split with a part used twice',
  (b, x) => {
    const [left, right] = split(b, x, [2, 2], 0);
    if (!left || !right) throw new Error('expected two parts');
    return mul(b, add(b, left, right), left);
  },
  fc.tuple(tensorsOf([4])),
);

test.each([
  ['fall short', [1, 1]],
  ['go beyond', [2, 2]],
  ['are negative', [4, -1]],
  ['are none', []],
])('Split refuses sizes that %s', (_, sizes) => {
  expect(() => shapeOf(into(sizes, 0), ['float32', 3, 2])).toThrow(
    `Split: sizes [${sizes.join(', ')}] do not divide axis 0 of 'input0' [3, 2]`,
  );
});

test('Split refuses a symbolic axis, an axis outside the rank, and sizes that are no constant', () => {
  expect(() => shapeOf(into([1, 1], 0), ['float32', 'n'])).toThrow(
    "Split: sizes [1, 1] do not divide axis 0 of 'input0' [n]",
  );
  expect(() => shapeOf(into([1, 1], 1), ['float32', 2])).toThrow('Split: axis 1 is outside rank 1');
  const builder = new GraphBuilder('dynamic');
  const x = builder.input('x', 'float32', [2]);
  expect(() => builder.add('Split', [x, builder.input('sizes', 'int64', [2])])).toThrow(
    'Split: input 1 must be a constant int64 tensor for its shape to be known',
  );
});

test('an axis left out is the first', async () => {
  const build: Build = (b, x) => b.add('Split', [x, b.constant(int64([1, 1]))]);
  const parts = await runGraph(build, [counting('float32', [2, 2])]);
  expect(parts.map(({ data }) => Array.from(data, Number))).toEqual([
    [1, 2],
    [3, 4],
  ]);
});
