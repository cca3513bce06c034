import { expect, test } from 'vitest';
import { size } from '../../src/index.js';
import { sizeOperator } from '../../src/operators/size.js';
import { batched, counting, testDTypes, valuesOf } from './support.js';

testDTypes(sizeOperator, (dtype) => [size, batched(counting(dtype, [2, 3]))]);

test('Size counts the elements', async () => {
  expect(await valuesOf(size, batched(counting('float32', [2, 3, 4])))).toEqual([24]);
  expect(await valuesOf(size, counting('float32', []))).toEqual([1]);
});
