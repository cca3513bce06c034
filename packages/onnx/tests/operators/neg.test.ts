import { neg } from '../../src/index.js';
import { negOperator } from '../../src/operators/neg.js';
import { testUnary } from './elementwise.js';

testUnary(negOperator, neg, (x) => -x, [-2, 2]);
