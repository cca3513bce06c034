import { less } from '../../src/index.js';
import { lessOperator } from '../../src/operators/less.js';
import { testBinary, testNoGradient } from './elementwise.js';

testBinary(lessOperator, less, (a, b) => Number(a < b), [-2, 2]);
testNoGradient(lessOperator, less);
