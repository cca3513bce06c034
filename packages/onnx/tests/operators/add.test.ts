import { add } from '../../src/index.js';
import { addOperator } from '../../src/operators/add.js';
import { testBinary, testBinaryGradient } from './elementwise.js';

testBinary(addOperator, add, (a, b) => a + b, [-2, 2]);
testBinaryGradient(addOperator, add, [-2, 2]);
