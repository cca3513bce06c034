import { tanh } from '../../src/index.js';
import { tanhOperator } from '../../src/operators/tanh.js';
import { testUnary } from './elementwise.js';

testUnary(tanhOperator, tanh, Math.tanh, [-2, 2]);
