import type { TextOptions } from './text/text-options.js';

/** Inputs with every value written out, `[n, ...inputShape]`, row-major: pixels (uint8), numbers of words (int32). */
export type DenseInputs =
  | {
      readonly layout: 'dense';
      readonly dtype: 'uint8';
      readonly shape: readonly number[];
      readonly data: Uint8Array;
    }
  | {
      readonly layout: 'dense';
      readonly dtype: 'int32';
      readonly shape: readonly number[];
      readonly data: Int32Array;
    };

/**
 * Inputs of which most are zero, `[n, width]`, as compressed sparse rows (CSR): row `i` has the values
 * `values[offsets[i]]` up to but without `values[offsets[i + 1]]`, in the columns that stand at the same places of
 * `indices`. What is not listed is zero.
 */
export interface SparseInputs {
  readonly layout: 'sparse';
  readonly dtype: 'float32';
  readonly shape: readonly [number, number];
  /** `[n + 1]`, from 0 to the number of values, never falling. */
  readonly offsets: Int32Array;
  /** Columns, ascending within a row. */
  readonly indices: Int32Array;
  /** None is zero. */
  readonly values: Float32Array;
}

/** One class for each sample: `[n]`, class numbers from 0. */
export interface ClassLabels {
  readonly dtype: 'int32';
  readonly shape: readonly number[];
  readonly data: Int32Array;
}

/** Any number of classes for each sample: `[n, classes]`, row-major, 1 for a class that it has and 0 for another. */
export interface ClassSets {
  readonly dtype: 'uint8';
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Samples with their labels, as stored; preprocessing happens where they are used. `inputs.layout` and `labels.dtype`
 * tell the forms apart; `labels.shape[0]` is the number of samples in each.
 *
 * A plain value: none of the arrays is to be written to.
 */
export interface Samples {
  readonly inputs: DenseInputs | SparseInputs;
  readonly labels: ClassLabels | ClassSets;
}

/** A classification dataset in memory, divided into the three sides of an experiment. */
export interface Dataset {
  readonly id: string;
  /**
   * SHA-256 (hex) over the SHA-256 of each file's unpacked content, in a fixed order: the same data has the same
   * checksum, gzipped or not, whatever the folder.
   */
  readonly checksum: string;
  /**
   * Shape of one input, without the batch; `[28, 28]` (rows, columns) for MNIST, `[words]` for a bag of words,
   * `[length]` for a sequence of words.
   */
  readonly inputShape: readonly number[];
  /** What a stored value is multiplied by before it enters a network; 1/255 for 8-bit images, 1 for text. */
  readonly inputScale: number;
  /** One name per class, by class number. */
  readonly classNames: readonly string[];
  /**
   * Of text, the words by their numbers: by column for bags, by index for sequences, where the first two entries stand
   * for padding and for unknown words. As many as there are different numbers: the rows of an embedding.
   */
  readonly vocabulary?: readonly string[];
  /** Of tf-idf bags, what a word's count is multiplied by before the row is normalised, by column. */
  readonly wordWeights?: Float64Array;
  /**
   * Whether training (with validation) and test side have as many samples as published; absent for data of which nothing
   * is published. A part of a collection is legal, and false here.
   */
  readonly asPublished?: boolean;
  /** What is trained on, without the validation samples. */
  readonly train: Samples;
  readonly validation: Samples;
  /** The side that the authors set apart; where they set none apart, one drawn with the `splitSeed`. */
  readonly test: Samples;
}

/** Which dataset to load, from where, and how to divide and to read it. */
export interface DatasetSource {
  /** One of {@link datasetNames}. */
  readonly id: string;
  /** A folder with the user's own files; default: the copy that is installed with this package, if there is one. */
  readonly directory?: string | undefined;
  /**
   * Samples to set apart for validation, 1 to one less than the training side has; 5,000 of MNIST's 60,000 by default
   * use.
   */
  readonly validation: number;
  /** Which random division: an int32. The same seed gives the same division on every machine. */
  readonly splitSeed: number;
  /** How text becomes numbers; needed for text, an error for images. */
  readonly text?: TextOptions | undefined;
}

/** What is known of a dataset without reading it. */
export interface DatasetDescription {
  readonly id: string;
  readonly title: string;
  /** What its samples are; text needs `DatasetSource.text`. */
  readonly kind: 'images' | 'text';
  /** Who made it, and where it comes from. */
  readonly source: string;
  readonly licence: string;
  /** Number of samples, those for validation among `train`, or null when only the user's files can tell. */
  readonly samples: { readonly train: number; readonly test: number } | null;
  /** Shape of one input, or null when only the user's files or the options for text can tell. */
  readonly inputShape: readonly number[] | null;
  /** Number of classes, or null when only the user's files can tell. */
  readonly classes: number | null;
  /** Size of the unpacked files, or null when only the user's files can tell. */
  readonly bytes: number | null;
  /** Whether it loads without a folder of the user's. */
  readonly bundled: boolean;
}

/** What a dataset brings to the registry. */
export type DatasetDefinition = ImageDefinition | TextDefinition;

/**
 * Either kind reads from the user's folder, or, where that is undefined, the installed copy.
 *
 * @throws Error with one sentence when the files are missing, damaged or don't belong together.
 */
type Read<Collection> = (directory: string | undefined) => Promise<Collection>;

export interface ImageDefinition {
  readonly description: DatasetDescription;
  readonly readImages: Read<ImageCollection>;
}

export interface TextDefinition {
  readonly description: DatasetDescription;
  readonly readTexts: Read<TextCollection>;
}

/** Images of one class each, in dense form. */
export interface ImageSamples {
  readonly inputs: Extract<DenseInputs, { dtype: 'uint8' }>;
  readonly labels: ClassLabels;
}

/** Images as they were read, with the test side that their authors set apart. */
export interface ImageCollection extends Pick<
  Dataset,
  'id' | 'checksum' | 'inputShape' | 'inputScale' | 'classNames'
> {
  /** The training side, before any validation split. */
  readonly train: ImageSamples;
  readonly test: ImageSamples;
}

/** A document, before its text becomes numbers. */
export interface LabelledText {
  /** All that is read of it; may be empty. */
  readonly text: string;
  /** Class numbers, ascending, at least one. */
  readonly classes: readonly number[];
}

/** Documents as they were read. */
export interface TextCollection extends Pick<Dataset, 'id' | 'checksum' | 'classNames'> {
  /** Whether a document has one class or any number of them. */
  readonly labels: 'class' | 'set';
  /** The training side, before any validation split. */
  readonly train: readonly LabelledText[];
  /** The authors' test side, or how many documents of `train` to draw for one. */
  readonly test: readonly LabelledText[] | number;
  /** The numbers of samples that are published for it. */
  readonly published?: { readonly train: number; readonly test: number };
}
