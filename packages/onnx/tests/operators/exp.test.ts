import { exp } from '../../src/index.js';
import { expOperator } from '../../src/operators/exp.js';
import { testUnary } from './elementwise.js';

testUnary(expOperator, exp, Math.exp, [-2, 2]);
