import { mul } from '../../src/index.js';
import { mulOperator } from '../../src/operators/mul.js';
import { testBinary, testBinaryGradient } from './elementwise.js';

testBinary(mulOperator, mul, (a, b) => a * b, [-2, 2]);
testBinaryGradient(mulOperator, mul, [-2, 2]);
