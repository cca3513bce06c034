import { globalMaxPool } from '@winning-tickets/onnx';
import { globalPooling } from './shared/global-pooling.js';

/** The largest element of each channel. */
export const globalmaxpool = { ...globalPooling('globalmaxpool', globalMaxPool), takesLargest: true };
