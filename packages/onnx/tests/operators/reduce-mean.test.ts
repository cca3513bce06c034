import { reduceMean } from '../../src/index.js';
import { reduceMeanOperator } from '../../src/operators/reduce-mean.js';
import { testReduction } from './reductions.js';
import { tensorsOf } from './support.js';

testReduction(
  reduceMeanOperator,
  reduceMean,
  (list) => list.reduce((a, b) => a + b) / list.length,
  tensorsOf,
);
