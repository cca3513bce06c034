import { sigmoid } from '../../src/index.js';
import { sigmoidOperator } from '../../src/operators/sigmoid.js';
import { testUnary } from './elementwise.js';

testUnary(sigmoidOperator, sigmoid, (x) => 1 / (1 + Math.exp(-x)), [-2, 2]);
