import type { ClassLabels, Dataset, DenseInputs, ImageSamples, Samples } from './dataset.js';

/** Samples with every value written out, of one class each. */
export interface DenseSamples {
  readonly inputs: DenseInputs;
  readonly labels: ClassLabels;
}

type Narrowed<Side> = Omit<Dataset, 'train' | 'validation' | 'test'> &
  Readonly<Record<'train' | 'validation' | 'test', Side>>;

/** A dataset of images or of sequences of words. */
export type DenseDataset = Narrowed<DenseSamples>;

/** A dataset of images. */
export type ImageDataset = Narrowed<ImageSamples>;

/**
 * A dataset as one whose values are all written out and whose samples have one class each, for code that takes no other.
 *
 * @throws Error with one sentence when it is another.
 */
export function denseDataset(dataset: Dataset): DenseDataset {
  return narrowed(dataset, (samples) => denseSamples(dataset, samples));
}

/**
 * A dataset as one of images, for code that takes no other.
 *
 * @throws Error with one sentence when it is another.
 */
export function imageDataset(dataset: Dataset): ImageDataset {
  return narrowed(dataset, (samples) => {
    const { inputs, labels } = denseSamples(dataset, samples);
    if (inputs.dtype === 'uint8') return { inputs, labels };
    throw new Error(
      `dataset ${dataset.id}: expected images, found sequences of words, which cannot be taken here yet; use a dataset of images.`,
    );
  });
}

function narrowed<Side>(dataset: Dataset, narrow: (samples: Samples) => Side): Narrowed<Side> {
  const { train, validation, test } = dataset;
  return { ...dataset, train: narrow(train), validation: narrow(validation), test: narrow(test) };
}

function denseSamples(dataset: Dataset, { inputs, labels }: Samples): DenseSamples {
  if (labels.dtype === 'uint8') {
    throw new Error(
      `dataset ${dataset.id}: expected one class for each sample, found sets of classes, which cannot be taken here yet; use a dataset of single classes.`,
    );
  }
  if (inputs.layout === 'sparse') {
    throw new Error(
      `dataset ${dataset.id}: expected inputs with every value written out, found bags of words, which cannot be taken here yet; use the text kind "sequence".`,
    );
  }
  return { inputs, labels };
}
