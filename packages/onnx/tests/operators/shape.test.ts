import { expect, test } from 'vitest';
import { add, gradients, GraphBuilder, shape } from '../../src/index.js';
import { shapeOperator } from '../../src/operators/shape.js';
import { batched, counting, testDTypes, valuesOf } from './support.js';

testDTypes(shapeOperator, (dtype) => [shape, batched(counting(dtype, [2, 3]))]);

test('Shape gives the sizes, of a scalar none', async () => {
  expect(await valuesOf(shape, batched(counting('float32', [2, 3])))).toEqual([2, 3]);
  expect(await valuesOf(shape, counting('float32', []))).toEqual([]);
});

test('Shape has no gradient: whole numbers are not differentiated', () => {
  const builder = new GraphBuilder('test');
  const x = builder.input('x', 'float32', [2]);
  expect(() => gradients(builder, shape(builder, x), [x])).toThrow(
    /is int64; only float values have gradients/,
  );
  expect(gradients(builder, add(builder, x, x), [x])[0]?.shape).toEqual([2]);
});
