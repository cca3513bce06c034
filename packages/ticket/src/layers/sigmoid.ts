import { sigmoid as operator } from '@winning-tickets/onnx';
import { elementwiseLayer } from './elementwise.js';

/** `1 / (1 + exp(-x))` of each element. */
export const sigmoid = elementwiseLayer('sigmoid', operator, (x) => 1 / (1 + Math.exp(-x)));
