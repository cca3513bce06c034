/**
 * Samples with their labels, as stored; preprocessing happens where they are used.
 *
 * A plain value: neither array is to be written to.
 */
export interface Samples {
  /** `[n, ...inputShape]`, row-major. */
  readonly inputs: { readonly dtype: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array };
  /** `[n]`, class numbers from 0. */
  readonly labels: { readonly dtype: 'int32'; readonly shape: readonly number[]; readonly data: Int32Array };
}

/** A classification dataset in memory, with the test side that its authors set apart. */
export interface Dataset {
  readonly id: string;
  /**
   * SHA-256 (hex) over the SHA-256 of each file's unpacked content, in a fixed order: the same data has the same
   * checksum, gzipped or not, whatever the folder.
   */
  readonly checksum: string;
  /** Shape of one input, without the batch; `[28, 28]` (rows, columns) for MNIST. */
  readonly inputShape: readonly number[];
  /** What a stored value is multiplied by before it enters a network; 1/255 for 8-bit images. */
  readonly inputScale: number;
  /** One name per class, by class number. */
  readonly classNames: readonly string[];
  /** The training side, before any validation split. */
  readonly train: Samples;
  readonly test: Samples;
}

/** Which dataset to load, and from where. */
export interface DatasetSource {
  /** One of {@link datasetNames}. */
  readonly id: string;
  /** A folder with the user's own files; default: the copy that is installed with this package, if there is one. */
  readonly directory?: string | undefined;
}

/** What is known of a dataset without reading it. */
export interface DatasetDescription {
  readonly id: string;
  readonly title: string;
  /** Who made it, and where it comes from. */
  readonly source: string;
  readonly licence: string;
  /** Number of samples, or null when only the user's files can tell. */
  readonly samples: { readonly train: number; readonly test: number } | null;
  /** Shape of one input, or null when only the user's files can tell. */
  readonly inputShape: readonly number[] | null;
  /** Number of classes, or null when only the user's files can tell. */
  readonly classes: number | null;
  /** Size of the unpacked files, or null when only the user's files can tell. */
  readonly bytes: number | null;
  /** Whether it loads without a folder of the user's. */
  readonly bundled: boolean;
}

/** What a dataset brings to the registry. */
export interface DatasetDefinition {
  readonly description: DatasetDescription;
  /**
   * Reads the dataset.
   *
   * @param directory the user's folder; undefined means the installed copy.
   * @throws Error with one sentence when the files are missing, damaged or don't belong together.
   */
  readonly load: (directory: string | undefined) => Promise<Dataset>;
}
