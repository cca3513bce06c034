// Puts ONNX Runtime's CUDA provider beside the runtime that onnxruntime-node brings, where it looks for it. Idempotent: a
// provider that is there is left alone. See docs/gpu.md.
//
//   npm run setup:cuda [-- --wheel FILE]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { cudaAdvice, missingCudaLibraries, onnxRuntimeFolder } from '@winning-tickets/bench';
import { optionsOf } from '../options.mjs';

const usage = `Usage: npm run setup:cuda -- [options]

Installs ONNX Runtime's CUDA provider, for --device cuda and bench --provider cuda: 272 MB, taken from the wheel
onnxruntime-gpu 1.30.0 of PyPI (247 MB, CUDA 13), which was built from the same source as onnxruntime-node 1.30.0. Needs Linux
on x86-64 and Python with pip. Says at the end which of NVIDIA's libraries this machine lacks.

  --wheel FILE  take it from this wheel, without network
  --help        print this`;

/** What is taken out of the wheel, in the order in which it is put in place, with the SHA-256 of each file. */
const libraries = {
  'libonnxruntime_providers_shared.so': '086ec1d5388f64153d9c63470d126693db9a182c8ce236d3a1119068471b8a0d',
  'libonnxruntime_providers_cuda.so': '9d7587acb137b31bf84e4d32dc444b969bb601d098b01395effcacfe4341e364',
};

const wheelBytes = 2.5e8;
const libraryBytes = 2.8e8;

/**
 * @param {object} options
 * @param {string} [options.wheel] file to take the provider from; fetched by pip when left out.
 * @param {(line: string) => void} options.log told what takes long.
 * @returns {Promise<'already there' | 'installed'>}
 * @throws Error with one sentence: what is missing and what to do. Nothing is put in place then.
 */
export async function setUpCuda({ wheel, log }) {
  expectPlatform();
  const target = onnxRuntimeFolder();
  if (await allSound(target)) return 'already there';
  const python = pythonHere();
  if (wheel !== undefined && !existsSync(wheel)) throw new Error(`--wheel: there is no file ${wheel}.`);
  expectDiskSpace(target, libraryBytes + (wheel === undefined ? wheelBytes : 0));
  const folder = mkdtempSync(join(target, 'cuda-'));
  try {
    const source = wheel ?? fetchWheel(python, folder, log);
    log('Taking the provider out of the wheel …');
    extract(python, source, folder);
    await expectSound(folder, source);
    for (const name of Object.keys(libraries)) renameSync(join(folder, name), join(target, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 'installed';
}

function expectPlatform() {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new Error(
    `The CUDA provider is there for Linux on x86-64 alone, and this is ${process.platform} on ${process.arch}: ` +
      'use --device webgpu, which needs nothing but a graphics driver.',
  );
}

function pythonHere() {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['--version']).status === 0) return python;
  throw new Error(
    `The CUDA provider comes in a Python wheel, and "${python}" does not run: install Python with pip ` +
      '(Debian and Ubuntu: apt install python3-pip), or name one in the environment variable PYTHON.',
  );
}

function expectDiskSpace(folder, needed) {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  throw new Error(
    `The CUDA provider needs ${megabytes(needed)} under ${folder}, found ${megabytes(free)} free: make room.`,
  );
}

/** The wheel of one Python, whichever asks: the libraries in it are the same, and so is its hash. */
function fetchWheel(python, folder, log) {
  log(`Fetching the wheel of ONNX Runtime for CUDA (${Math.round(wheelBytes / 1e6)} MB) …`);
  const requirements = join(import.meta.dirname, 'wheel.txt');
  const { status } = spawnSync(
    python,
    [
      ...['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--quiet'],
      ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '--requirement', requirements],
      ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
      ...['--platform', 'manylinux_2_28_x86_64', '--dest', folder],
    ],
    { stdio: ['ignore', 2, 2] },
  );
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (status === 0 && file !== undefined) return join(folder, file);
  throw new Error(
    `pip could not fetch what ${requirements} lists (its own message is above): check the network and run this again, ` +
      'or fetch the wheel elsewhere and name it with --wheel.',
  );
}

function extract(python, wheel, folder) {
  const script = join(import.meta.dirname, 'extract_libraries.py');
  const { status, stderr } = spawnSync(python, [script, wheel, folder, ...Object.keys(libraries)], {
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new Error(
    `${wheel} is not the wheel onnxruntime-gpu 1.30.0 for Linux on x86-64: ${stderr.trim().split('\n').at(-1)}.`,
  );
}

async function allSound(folder) {
  for (const [name, wanted] of Object.entries(libraries)) {
    const file = join(folder, name);
    if (!existsSync(file) || (await sha256(file)) !== wanted) return false;
  }
  return true;
}

async function expectSound(folder, wheel) {
  for (const [name, wanted] of Object.entries(libraries)) {
    const found = await sha256(join(folder, name));
    if (found === wanted) continue;
    throw new Error(
      `${wheel}: ${name} has SHA-256 ${found}, expected ${wanted} (onnxruntime-gpu 1.30.0): take the right wheel.`,
    );
  }
}

async function sha256(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function main() {
  const { values } = optionsOf(usage, { wheel: { type: 'string' } });
  const log = (line) => console.error(line);
  const outcome = await setUpCuda({ wheel: values.wheel, log });
  console.log(`ONNX Runtime's CUDA provider: ${outcome}, in ${onnxRuntimeFolder()}`);
  const missing = missingCudaLibraries();
  if (missing.length === 0) {
    console.log("NVIDIA's libraries are all here; `npm run tickets doctor` tries the provider.");
    return;
  }
  console.log('This machine lacks libraries of NVIDIA that it uses:');
  for (const line of cudaAdvice(missing)) console.log(`  ${line}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
