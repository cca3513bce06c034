import { sub } from '../../src/index.js';
import { subOperator } from '../../src/operators/sub.js';
import { testBinary, testBinaryGradient } from './elementwise.js';

testBinary(subOperator, sub, (a, b) => a - b, [-2, 2]);
testBinaryGradient(subOperator, sub, [-2, 2]);
