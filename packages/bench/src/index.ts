export { benchmark } from './benchmark.js';
export type { BenchOptions, BenchProgress } from './options.js';
export { parseBenchResult } from './result.js';
export type {
  BenchEnvironment,
  BenchProvider,
  BenchResult,
  Bound,
  Ceilings,
  GpuState,
  Latency,
  MemorySample,
  ModelResult,
  Placement,
  RatedBatch,
  Ratio,
  TimedBatch,
  Work,
} from './result.js';
export { createSession } from './session.js';
export type { SessionSetup } from './session.js';
export { compareDraws, timeLatencies } from './compare.js';
export type { ComparedModel, TimedDraw } from './compare.js';
export { shares } from './shares.js';
export { measuredEnvironment } from './environment.js';
export { parseCrossover } from './crossover/result.js';
export type { Crossover, CrossoverCell } from './crossover/result.js';
export { crossings } from './crossover/crossings.js';
export type { Crossing } from './crossover/crossings.js';
export { modelData } from './model-file.js';
export type { ModelData } from './model-file.js';
export { crossingsCsv, crossoverCsv, toCsv } from './csv.js';
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
