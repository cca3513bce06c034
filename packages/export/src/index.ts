export { encodeSubnetwork, exportBytes, exportTicket } from './export-ticket.js';
export { exportFile } from './export-file.js';
export type { ExportFileOptions, ExportedFile } from './export-file.js';
export { exportFileName } from './file-name.js';
export type { SealedTicket } from './sealed-ticket.js';
export { encodingNames, encodings, encodingsFor } from './encodings/registry.js';
export type {
  EncodedGraph,
  Encoding,
  EncodingOption,
  EncodingOptions,
  OptionValue,
  Range,
  Ranges,
  Subnetwork,
} from './encodings/encoding.js';
export { calibrate, calibrateSubnetwork } from './calibration.js';
export type { CalibrationInput } from './calibration.js';
export { verifyExport } from './verify.js';
export type { Runtime, VerifyInput } from './verify.js';
export type { ExportCheck, Tolerance } from './export-check.js';
export type { TestDataset, TestSamples } from './test-batches.js';
export { feedsOf } from './feeds.js';
export type { DenseInputs, InputLayout, SparseInputs, StoredInputs } from './feeds.js';
export { inputFormOf } from './input-form.js';
export type { InputForm } from './input-form.js';
