import { averagePool } from '@winning-tickets/onnx';
import { pooling } from './shared/pooling.js';

/** The mean of each window; padding counts as zeros. Windows lie side by side unless `stride` is given. */
export const avgpool = pooling(
  'avgpool',
  (builder, input, { kernel, strides, pads }) =>
    averagePool(builder, input, kernel, { strides, pads, countIncludePad: true }),
  (constant, padded) => constant === 0 || (!padded && !Number.isNaN(constant)),
);
