export { benchmark } from './benchmark.js';
export type { BenchOptions, BenchProgress } from './options.js';
export * from './result.js';
export { modelData } from './model-file.js';
export type { ModelData } from './model-file.js';
export { toCsv } from './csv.js';
export { latencyTable, renderTable, sizeTable } from './tables.js';
export type { Table } from './tables.js';
export {
  cudaAdvice,
  cudaProviderFiles,
  cudaProviderInstalled,
  missingCudaLibraries,
  onnxRuntimeFolder,
} from './cuda-provider.js';
export type { CudaLibrary } from './cuda-provider.js';
