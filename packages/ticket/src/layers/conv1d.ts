import { convolution } from './shared/convolution.js';

/** A convolution over sequences, `[channels, length]`: of an `embedding`, for example. */
export const conv1d = convolution('conv1d', 1);
