import { greaterOrEqual } from '../../src/index.js';
import { greaterOrEqualOperator } from '../../src/operators/greater-or-equal.js';
import { testBinary, testNoGradient } from './elementwise.js';

testBinary(greaterOrEqualOperator, greaterOrEqual, (a, b) => Number(a >= b), [-2, 2]);
testNoGradient(greaterOrEqualOperator, greaterOrEqual);
