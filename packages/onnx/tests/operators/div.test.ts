import { div } from '../../src/index.js';
import { divOperator } from '../../src/operators/div.js';
import { testBinary, testBinaryGradient } from './elementwise.js';

testBinary(divOperator, div, (a, b) => a / b, [0.5, 2]);
testBinaryGradient(divOperator, div, [0.5, 2]);
