import { log } from '../../src/index.js';
import { logOperator } from '../../src/operators/log.js';
import { testUnary } from './elementwise.js';

testUnary(logOperator, log, Math.log, [0.2, 3]);
