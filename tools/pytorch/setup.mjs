// Sets up the Python environment of the PyTorch benchmarks: .cache/venv/pytorch under the repository root.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePythonEnvironment } from '../python-environment.mjs';

/**
 * Installs PyTorch, unless it is there already.
 *
 * @param {(line: string) => void} log told what takes long.
 * @returns {string} path of the environment's Python.
 * @throws Error with one sentence: what is missing and what to do.
 */
export function ensurePyTorch(log) {
  return ensurePythonEnvironment({
    name: 'pytorch',
    requirements: join(import.meta.dirname, 'requirements.txt'),
    purpose: 'The PyTorch benchmark',
    // Torch's wheels bring CUDA along: 5.4 GB installed, and the archive while it is unpacked.
    neededBytes: 6e9,
    log,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensurePyTorch((line) => console.error(line)));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
