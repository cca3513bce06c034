import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A shared library that ONNX Runtime's CUDA provider uses, of onnxruntime-node 1.30.0 (CUDA 13). */
export interface CudaLibrary {
  /** Name that the system's loader looks for. */
  readonly file: string;
  /** Where it comes from: NVIDIA's driver, or a package of PyPI. */
  readonly source: 'driver' | `nvidia-${string}`;
  /** `load`: without it the provider does not load; `use`: the provider opens it when first used. */
  readonly needed: 'load' | 'use';
}

/** The libraries that the provider is linked against, and those that it opens when an operator asks for them. */
const cudaLibraries: readonly CudaLibrary[] = [
  { file: 'libcuda.so.1', source: 'driver', needed: 'load' },
  { file: 'libcudart.so.13', source: 'nvidia-cuda-runtime', needed: 'load' },
  { file: 'libcublasLt.so.13', source: 'nvidia-cublas', needed: 'load' },
  { file: 'libcublas.so.13', source: 'nvidia-cublas', needed: 'load' },
  { file: 'libcurand.so.10', source: 'nvidia-curand', needed: 'load' },
  { file: 'libcudnn.so.9', source: 'nvidia-cudnn-cu13', needed: 'use' },
  { file: 'libcufft.so.12', source: 'nvidia-cufft', needed: 'use' },
  { file: 'libnvrtc.so.13', source: 'nvidia-cuda-nvrtc', needed: 'use' },
];

/** The provider's own files; onnxruntime-node comes without them. */
export const cudaProviderFiles = [
  'libonnxruntime_providers_shared.so',
  'libonnxruntime_providers_cuda.so',
] as const;

/** Folder of onnxruntime-node's native files, where the runtime looks for its providers. */
export function onnxRuntimeFolder(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

/** Whether the provider's files lie where the runtime looks for them. */
export function cudaProviderInstalled(): boolean {
  return cudaProviderFiles.every((file) => existsSync(join(onnxRuntimeFolder(), file)));
}

/** Those of the provider's libraries that the system's loader does not find: it is asked for each of them. */
export function missingCudaLibraries(): CudaLibrary[] {
  return cudaLibraries.filter(({ file }) => !loads(file));
}

/** An addon is a library of its own kind, so any other loads first and is refused then. */
function loads(file: string): boolean {
  try {
    process.dlopen({ exports: {} }, file);
    return true;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Module did not self-register');
  }
}

/** What is missing, and where it comes from, in lines; none when all is there. */
export function cudaAdvice(missing: readonly CudaLibrary[]): string[] {
  const named = (chosen: readonly CudaLibrary[]) => chosen.map(({ file }) => file).join(', ');
  const driver = missing.filter(({ source }) => source === 'driver');
  const others = missing.filter(({ source }) => source !== 'driver');
  const packages = [...new Set(others.map(({ source }) => source))].join(' ');
  return [
    ...(driver.length > 0 ? [`${named(driver)}: comes with NVIDIA's driver`] : []),
    ...others.map(
      ({ file, source, needed }) =>
        `${file}: CUDA 13, or ${source} of PyPI${needed === 'use' ? ' (opened when first used)' : ''}`,
    ),
    ...(others.length > 0
      ? [`With pip install ${packages}, put the packages' folders nvidia/*/lib into LD_LIBRARY_PATH.`]
      : []),
  ];
}
