import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DType, GraphBuilder, Operator, Value } from '../../src/index.js';
import { add, cast, gradients, mul, reduceSum, sizeOf } from '../../src/index.js';
import {
  anyShape,
  at,
  batched,
  broadcastingShapes,
  counting,
  expectGradients,
  float64,
  runGraph,
  shapeOf,
  tensorsOf,
  testDTypes,
  testGradient,
  valuesOf,
} from './support.js';

type Range = readonly [min: number, max: number];
type Unary = (builder: GraphBuilder, x: Value) => Value;
type Binary = (builder: GraphBuilder, a: Value, b: Value) => Value;

/** The laws of an elementwise operator of one input. */
export function testUnary(
  operator: Operator,
  apply: Unary,
  meaning: (x: number) => number,
  range: Range,
): void {
  const { op } = operator;
  testDTypes(operator, (dtype) => [apply, batched(counting(dtype, [2, 3]))]);

  test(`${op} keeps any shape and works element by element`, async () => {
    await fc.assert(
      fc.asyncProperty(
        anyShape.chain((shape) => tensorsOf(shape, ...range)),
        async (x) => {
          const result = await valuesOf(apply, x);
          expectClose(result, Array.from(x.data, meaning));
        },
      ),
      { seed: 1, numRuns: 10 },
    );
  });

  test(`${op} keeps a symbolic batch`, () => {
    expect(shapeOf(apply, ['float32', 'batch', 3])).toEqual(['batch', 3]);
  });

  testGradient(
    op,
    apply,
    anyShape.chain((shape) => fc.tuple(tensorsOf(shape, ...range))),
  );
}

/** The laws of an elementwise operator of two inputs, but for its gradient. */
export function testBinary(
  operator: Operator,
  apply: Binary,
  meaning: (a: number, b: number) => number,
  range: Range,
): void {
  const { op } = operator;
  testDTypes(operator, (dtype) => [apply, batched(counting(dtype, [2, 3])), counting(dtype, [3])]);
  testShapes(op, 'float32', apply);

  test(`${op} works element by element on values that broadcast`, async () => {
    await fc.assert(
      fc.asyncProperty(
        broadcastingShapes.chain(([a, b]) => fc.tuple(tensorsOf(a, ...range), tensorsOf(b, ...range))),
        async ([a, b]) => {
          const [result] = await runGraph(apply, [a, b]);
          if (!result) throw new Error('no result');
          const expected = Array.from({ length: sizeOf(result.shape) }, (_, index) =>
            meaning(
              at(a.data, sourceIndex(index, result.shape, a.shape)),
              at(b.data, sourceIndex(index, result.shape, b.shape)),
            ),
          );
          expectClose(Array.from(result.data as ArrayLike<number>), expected);
        },
      ),
      { seed: 1, numRuns: 10 },
    );
  });

  test(`${op} refuses two dtypes at once`, () => {
    expect(() => shapeOf(apply, ['float32', 2], ['int32', 2])).toThrow(
      `${op}: 'input0' is float32 but 'input1' is int32`,
    );
  });
}

/** The shape rule of an operator whose inputs broadcast. */
export function testShapes(op: string, dtype: DType, apply: Binary): void {
  test(`${op} broadcasts, symbolic sizes too`, () => {
    expect(shapeOf(apply, [dtype, 'batch', 3], [dtype, 3])).toEqual(['batch', 3]);
    expect(shapeOf(apply, [dtype], [dtype, 'batch', 3])).toEqual(['batch', 3]);
    expect(shapeOf(apply, [dtype, 'batch', 1], [dtype, 1, 4])).toEqual(['batch', 4]);
    expect(shapeOf(apply, [dtype, 'batch', 3], [dtype, 'batch', 3])).toEqual(['batch', 3]);
  });

  test(`${op} refuses shapes that do not broadcast, naming them`, () => {
    expect(() => shapeOf(apply, [dtype, 2, 3], [dtype, 2])).toThrow(
      `${op}: shapes [2, 3] and [2] do not broadcast`,
    );
    expect(() => shapeOf(apply, [dtype, 'batch', 3], [dtype, 2, 3])).toThrow(
      `${op}: shapes [batch, 3] and [2, 3] do not broadcast`,
    );
    expect(() => shapeOf(apply, [dtype, 'batch'], [dtype, 'other'])).toThrow(
      `${op}: shapes [batch] and [other] do not broadcast`,
    );
  });
}

/** The gradient of an operator of two inputs, broadcast both ways, and with one value on both sides. */
export function testBinaryGradient({ op }: Operator, apply: Binary, range: Range): void {
  testGradient(
    `${op} of values that broadcast`,
    apply,
    broadcastingShapes.chain(([a, b]) => fc.tuple(tensorsOf(a, ...range), tensorsOf(b, ...range))),
  );
  testGradient(
    `${op} of a batch`,
    apply,
    fc.tuple(
      tensorsOf([2, 3], ...range).map((x) => batched(x)),
      tensorsOf([3], ...range),
    ),
  );
  test(`${op} of a value with itself: both sides count`, async () => {
    await expectGradients((b, x) => apply(b, x, x), [float64([0.7, 1.3])]);
  });
}

/** An operator whose output is a constant to differentiation: the gradient goes round it. */
export function testNoGradient({ op }: Operator, apply: Binary): void {
  test(`${op} stops the gradient`, async () => {
    const slope = await valuesOf(
      (b, x, y) => {
        const chosen = cast(b, apply(b, x, y), 'float64');
        return gradients(b, reduceSum(b, add(b, mul(b, x, x), chosen)), [x]);
      },
      float64([1, 2]),
      float64([2, 1]),
    );
    expect(slope).toEqual([2, 4]);
  });
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, index) => {
    expect(value).toBeCloseTo(at(expected, index), 12);
  });
}

// Where an element of a broadcast result comes from.
function sourceIndex(index: number, shape: readonly number[], source: readonly number[]): number {
  let rest = index;
  let from = 0;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = at(shape, axis);
    const sourceSize = source[axis - shape.length + source.length] ?? 1;
    if (sourceSize !== 1) from += (rest % size) * stride;
    stride *= sourceSize;
    rest = Math.floor(rest / size);
  }
  return from;
}
