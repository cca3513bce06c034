import { softmax } from '../../src/index.js';
import { softmaxOperator } from '../../src/operators/softmax.js';
import { testSoftmax } from './softmaxes.js';

testSoftmax(softmaxOperator, softmax, (exponential, sum) => exponential / sum);
