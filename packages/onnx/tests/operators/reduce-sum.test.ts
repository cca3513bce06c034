import { reduceSum } from '../../src/index.js';
import { reduceSumOperator } from '../../src/operators/reduce-sum.js';
import { testReduction } from './reductions.js';
import { tensorsOf } from './support.js';

testReduction(reduceSumOperator, reduceSum, (list) => list.reduce((a, b) => a + b), tensorsOf);
