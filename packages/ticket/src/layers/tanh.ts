import { tanh as operator } from '@winning-tickets/onnx';
import { elementwiseLayer } from './elementwise.js';

/** Hyperbolic tangent of each element. */
export const tanh = elementwiseLayer('tanh', operator, Math.tanh);
