export type {
  ClassLabels,
  ClassSets,
  Dataset,
  DatasetDescription,
  DatasetSource,
  DenseInputs,
  ImageSamples,
  Samples,
  SparseInputs,
} from './dataset.js';
export { parseIdx, readIdx, type Idx, type IdxFile } from './idx.js';
export { readImage } from './image/read-image.js';
export {
  denseDataset,
  imageDataset,
  type DenseDataset,
  type DenseSamples,
  type ImageDataset,
} from './narrow.js';
export { datasetNames, describeDataset, loadDataset } from './registry.js';
export { splitIndices, type SplitOptions } from './split.js';
export { vectorizeBag, type SparseRow } from './text/bag.js';
export { reservedWords, vectorizeSequence } from './text/sequence.js';
export type { BagOptions, BagWeights, SequenceOptions, TextOptions } from './text/text-options.js';
export { tokenize } from './text/tokenize.js';
export { vocabularyOf, type Vocabulary } from './text/vocabulary.js';
