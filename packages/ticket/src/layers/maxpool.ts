import { maxPool } from '@winning-tickets/onnx';
import { pooling } from './shared/pooling.js';

/** The largest element of each window; padding counts as nothing. Windows lie side by side unless `stride` is given. */
export const maxpool = {
  ...pooling(
    'maxpool',
    (builder, input, { kernel, strides, pads }) => maxPool(builder, input, kernel, { strides, pads }),
    (constant) => !Number.isNaN(constant),
  ),
  takesLargest: true,
};
