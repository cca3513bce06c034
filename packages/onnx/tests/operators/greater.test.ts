import { greater } from '../../src/index.js';
import { greaterOperator } from '../../src/operators/greater.js';
import { testBinary, testNoGradient } from './elementwise.js';

testBinary(greaterOperator, greater, (a, b) => Number(a > b), [-2, 2]);
testNoGradient(greaterOperator, greater);
