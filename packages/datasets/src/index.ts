export type { Dataset, DatasetDefinition, DatasetDescription, DatasetSource, Samples } from './dataset.js';
export { parseIdx, readIdx, type Idx, type IdxFile } from './idx.js';
export { datasetNames, describeDataset, loadDataset } from './registry.js';
export { splitDataset, splitIndices, type Split, type SplitOptions } from './split.js';
export { readImage } from './image/read-image.js';
