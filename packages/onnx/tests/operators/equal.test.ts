import { equal } from '../../src/index.js';
import { equalOperator } from '../../src/operators/equal.js';
import { testBinary, testNoGradient } from './elementwise.js';

testBinary(equalOperator, equal, (a, b) => Number(a === b), [-2, 2]);
testNoGradient(equalOperator, equal);
