import { lessOrEqual } from '../../src/index.js';
import { lessOrEqualOperator } from '../../src/operators/less-or-equal.js';
import { testBinary, testNoGradient } from './elementwise.js';

testBinary(lessOrEqualOperator, lessOrEqual, (a, b) => Number(a <= b), [-2, 2]);
testNoGradient(lessOrEqualOperator, lessOrEqual);
