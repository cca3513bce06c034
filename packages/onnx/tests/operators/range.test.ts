import { expect, test } from 'vitest';
import { int64, range } from '../../src/index.js';
import { rangeOperator } from '../../src/operators/range.js';
import { shapeOf, testDTypes, valuesOf } from './support.js';

testDTypes(rangeOperator, () => [(b, limit) => range(b, limit, 3), int64([3], [])]);

test('Range counts from 0 to below a limit that is known at run time', async () => {
  expect(await valuesOf((b, limit) => range(b, limit, 'count'), int64([4], []))).toEqual([0, 1, 2, 3]);
  expect(shapeOf((b, limit) => range(b, limit, 'count'), ['int64'])).toEqual(['count']);
});

test('Range needs to be told the size', () => {
  expect(() => shapeOf((b, limit) => b.add('Range', [limit, limit, limit]), ['int64'])).toThrow(
    'Range: the size is computed at run time and must be stated',
  );
});
