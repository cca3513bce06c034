import { logSoftmax } from '../../src/index.js';
import { logSoftmaxOperator } from '../../src/operators/log-softmax.js';
import { testSoftmax } from './softmaxes.js';

testSoftmax(logSoftmaxOperator, logSoftmax, (exponential, sum) => Math.log(exponential / sum));
