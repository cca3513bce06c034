import { min } from '../../src/index.js';
import { minOperator } from '../../src/operators/min.js';
import { testExtreme } from './extremes.js';

testExtreme(minOperator, min, Math.min);
