import { identity } from '../../src/index.js';
import { identityOperator } from '../../src/operators/identity.js';
import { testUnary } from './elementwise.js';

testUnary(identityOperator, identity, (x) => x, [-2, 2]);
