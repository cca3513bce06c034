import { convolution } from './shared/convolution.js';

/** A convolution over images, `[channels, height, width]`. */
export const conv2d = convolution('conv2d', 2);
