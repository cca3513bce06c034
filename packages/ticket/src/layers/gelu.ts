import { gelu as operator } from '@winning-tickets/onnx';
import { elementwiseLayer } from './elementwise.js';

/** `x · Φ(x)` of each element, Φ the normal distribution (Hendrycks & Gimpel 2016). */
export const gelu = elementwiseLayer('gelu', operator);
