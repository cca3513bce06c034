import { relu as operator } from '@winning-tickets/onnx';
import { elementwiseLayer } from './elementwise.js';

/** `max(0, x)` of each element. */
export const relu = elementwiseLayer('relu', operator, (x) => Math.max(0, x));
