import type { ImageDefinition } from '../dataset.js';
import { findIdxImages, readIdxImages } from '../idx-images.js';
import { requiredDirectory } from '../required-directory.js';

/** The ten articles, by class number, as in the authors' README. */
const classNames = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
];

/**
 * Fashion-MNIST: 70,000 pictures of clothing in MNIST's layout, read from the user's folder.
 *
 * H. Xiao, K. Rasul, R. Vollgraf, *Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms*,
 * 2017, arXiv:1708.07747. MIT licence.
 */
export const fashionMnist: ImageDefinition = {
  description: {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST, articles of clothing',
    kind: 'images',
    source:
      'H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747 (github.com/zalandoresearch/fashion-mnist)',
    licence: 'MIT',
    samples: { train: 60_000, test: 10_000 },
    inputShape: [28, 28],
    classes: 10,
    bytes: 54_950_048,
    bundled: false,
  },
  readImages: async (directory) =>
    await readIdxImages(await findIdxImages(requiredDirectory('fashion-mnist', directory)), {
      id: 'fashion-mnist',
      classNames,
    }),
};
