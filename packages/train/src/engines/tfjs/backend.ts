import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import type { TfjsDevice } from './packages.js';
import { loadGradients } from './gradients.js';
import { registerNativeKernels } from './native-kernels.js';
import { packageFor } from './packages.js';
import { registerWasmKernels } from './wasm-kernels.js';

// Without it, TensorFlow.js tells on the console that the native package brings a copy of its core along.
tf.enableProdMode();

/** A device of TensorFlow.js that is ready to compute. */
export interface Backend {
  /** Makes it the one that functions of TensorFlow.js compute on: there is one at a time in a process. */
  activate(): Promise<void>;
  /** Versions of what computes. */
  readonly software: Readonly<Record<string, string>>;
  /** Whether a GPU computes: without a driver for one, TensorFlow's GPU package falls back to its CPU kernels. */
  readonly usesGpu: boolean;
}

/**
 * Loads what computes on a device.
 *
 * @param threads inside one operator. TensorFlow's are fixed for the life of a process, WebAssembly in Node.js has one.
 * @throws Error with one sentence when the package is not there, is broken, or cannot compute on so many threads.
 */
export async function openBackend(device: TfjsDevice, threads: number): Promise<Backend> {
  return device === 'wasm' ? await wasmBackend(threads) : await nativeBackend(device, threads);
}

async function wasmBackend(threads: number): Promise<Backend> {
  if (threads !== 1) {
    throw new Error(`WebAssembly computes on one thread in Node.js: set threads to 1 instead of ${threads}`);
  }
  const { name, version } = packageFor('wasm');
  await loadGradients();
  await import('@tensorflow/tfjs-backend-wasm');
  registerWasmKernels();
  await activate('wasm', name);
  return {
    activate: () => activate('wasm', name),
    software: { '@tensorflow/tfjs-core': tf.version_core, [name]: version },
    usesGpu: false,
  };
}

/** The one native package of this process: its library can be loaded but once, and keeps its first number of threads. */
let loaded: { readonly name: string; readonly threads: number } | undefined;

async function nativeBackend(device: 'cpu' | 'gpu', threads: number): Promise<Backend> {
  const { name, version, entry } = packageFor(device);
  if (loaded && (loaded.name !== name || loaded.threads !== threads)) {
    throw new Error(
      `this process computes with ${loaded.name} on ${loaded.threads} threads already, and cannot go over to ${name} ` +
        `on ${threads}: use another process`,
    );
  }
  if (!loaded) load(entry, name, threads);
  loaded = { name, threads };
  registerNativeKernels();
  await activate('tensorflow', name);
  const { binding, isUsingGpuDevice } = tf.backend() as unknown as NativeBackend;
  return {
    activate: () => activate('tensorflow', name),
    software: {
      '@tensorflow/tfjs-core': tf.version_core,
      [name]: version,
      tensorflow: binding.TF_Version,
    },
    usesGpu: isUsingGpuDevice,
  };
}

/** What is used here of the backend that the native packages register. */
interface NativeBackend {
  readonly binding: { readonly TF_Version: string };
  readonly isUsingGpuDevice: boolean;
}

function load(entry: string, name: string, threads: number): void {
  // TensorFlow reads these once, when it is loaded.
  process.env['TF_NUM_INTRAOP_THREADS'] = `${threads}`;
  process.env['TF_NUM_INTEROP_THREADS'] = '1';
  // It tells about the processor and its own libraries otherwise.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  try {
    createRequire(import.meta.url)(entry);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new Error(
      `${name} is there but cannot be loaded (${reason?.trim() ?? 'without a reason'}): ` +
        (name.endsWith('-gpu') ? 'run npm run setup:tfjs -- --gpu' : 'run npm run setup:tfjs'),
      { cause: error },
    );
  }
}

async function activate(backend: string, name: string): Promise<void> {
  if (tf.getBackend() === backend) return;
  if (!(await tf.setBackend(backend))) throw new Error(`${name} is there, but TensorFlow.js cannot start it`);
}
