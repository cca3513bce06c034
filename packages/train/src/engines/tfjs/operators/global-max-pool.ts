import * as tf from '@tensorflow/tfjs-core';
import { withChannelsLast } from '../held.js';
import type { TfjsOperator } from './operator.js';
import { input } from './operator.js';
import { asImage, likeInput } from './shared/images.js';

/** By one window over all: the gradient then goes to the first of elements that tie. */
export const globalMaxPool: TfjsOperator = {
  op: 'GlobalMaxPool',
  run: (call) => {
    const x = withChannelsLast(input(call, 0));
    const image = asImage(x);
    const [, height, width] = image.shape;
    return likeInput(tf.maxPool(image, [height, width], 1, 'valid'), x);
  },
};
