import { max } from '../../src/index.js';
import { maxOperator } from '../../src/operators/max.js';
import { testExtreme } from './extremes.js';

testExtreme(maxOperator, max, Math.max);
