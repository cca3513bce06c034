import { sqrt } from '../../src/index.js';
import { sqrtOperator } from '../../src/operators/sqrt.js';
import { testUnary } from './elementwise.js';

testUnary(sqrtOperator, sqrt, Math.sqrt, [0.2, 3]);
