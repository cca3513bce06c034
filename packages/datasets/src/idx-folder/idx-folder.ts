import type { ImageDefinition } from '../dataset.js';
import { findIdxImages, readIdxImages } from '../idx-images.js';
import { requiredDirectory } from '../required-directory.js';

/**
 * Any image dataset in MNIST's layout (KMNIST, EMNIST, QMNIST, one's own), of any image size and up to 256 classes, which
 * are named by their numbers.
 */
export const idxFolder: ImageDefinition = {
  description: {
    id: 'idx',
    title: "Your own images in MNIST's layout (IDX files)",
    kind: 'images',
    source: 'your folder',
    licence: "the dataset's own",
    samples: null,
    inputShape: null,
    classes: null,
    bytes: null,
    bundled: false,
  },
  readImages: async (directory) =>
    await readIdxImages(await findIdxImages(requiredDirectory('idx', directory)), { id: 'idx' }),
};
