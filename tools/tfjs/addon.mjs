// Builds TensorFlow.js's native addon against the TensorFlow library that a Python wheel carries.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** What the wheel and what is taken out of it need on disk at the same time. */
const neededBytes = { cpu: 1.2e9, gpu: 2.5e9 };

/** The Node-API version that the package looks for its addon under, and was written for. */
const NODE_API = 8;

/**
 * Fetches the wheel, takes the library and its headers out of it into the package's `deps`, and compiles the package's two
 * C++ files to `lib/napi-v8/tfjs_binding.node`.
 *
 * @param {object} options
 * @param {'cpu' | 'gpu'} options.device
 * @param {string} options.addon folder of the installed package.
 * @param {(line: string) => void} options.log told what takes long.
 * @throws Error with one sentence: what is missing and what to do.
 */
export function buildAddon({ device, addon, log }) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Building the addon is known to work on Linux on x86-64 alone, this is ${process.platform} on ${process.arch}: ` +
        "let the package's own installer fetch it, or use --device wasm.",
    );
  }
  const python = pythonWithPip();
  const compiler = compilerHere();
  expectDiskSpace(addon, neededBytes[device]);
  const folder = mkdtempSync(join(addon, 'wheel-'));
  try {
    log('Fetching the TensorFlow library …');
    fetchWheel(python, join(import.meta.dirname, device, 'wheel.txt'), folder);
    const [wheel] = readdirSync(folder);
    expectDone(
      spawnSync(
        python,
        [join(import.meta.dirname, 'extract_wheel.py'), join(folder, wheel), join(addon, 'deps')],
        {
          encoding: 'utf8',
        },
      ),
      `${wheel} could not be unpacked`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  log('Compiling the addon …');
  compile(compiler, addon);
}

function pythonWithPip() {
  const python = process.env.PYTHON ?? 'python3';
  if (spawnSync(python, ['-m', 'pip', '--version']).status === 0) return python;
  throw new Error(
    `The TensorFlow library comes through pip, and "${python} -m pip" does not run: install Python with pip ` +
      '(Debian and Ubuntu: apt install python3-pip), or name one in the environment variable PYTHON.',
  );
}

function compilerHere() {
  const candidates = process.env.CXX ? [process.env.CXX] : ['g++', 'clang++'];
  const found = candidates.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found) return found;
  throw new Error(
    `The addon is compiled, and ${candidates.join(' or ')} does not run: install one ` +
      '(Debian and Ubuntu: apt install g++), or name one in the environment variable CXX.',
  );
}

function expectDiskSpace(folder, needed) {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new Error(
    `The TensorFlow library needs ${gigabytes(needed)} under ${folder}, found ${gigabytes(free)} free: make room.`,
  );
}

/** The wheel of one Python, whichever asks: the library in it is the same, and so is its hash. */
function fetchWheel(python, requirements, folder) {
  const { status } = spawnSync(
    python,
    [
      ...['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--no-cache-dir', '--quiet'],
      ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '--requirement', requirements],
      ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
      ...['--platform', 'manylinux_2_17_x86_64', '--dest', folder],
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (status === 0) return;
  throw new Error(
    `pip could not fetch what ${requirements} lists (its own message is above): check the network, then run this again.`,
  );
}

function compile(compiler, addon) {
  const target = join(addon, 'lib', `napi-v${NODE_API}`);
  mkdirSync(target, { recursive: true });
  const headers = join(addon, '..', '..', 'node-api-headers', 'include');
  const sources = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];
  expectDone(
    spawnSync(
      compiler,
      [
        ...['-std=c++17', '-O2', '-shared', '-fPIC', '-w', `-DNAPI_VERSION=${NODE_API}`],
        ...['-I..', '-I.', '-Ideps/include', `-I${headers}`, ...sources],
        ...['-Ldeps/lib', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
        // The libraries lie beside the addon, wherever the folder is moved.
        '-Wl,-rpath,$ORIGIN/../../deps/lib',
        ...['-o', join(target, 'tfjs_binding.node')],
      ],
      { cwd: addon, encoding: 'utf8' },
    ),
    'the addon could not be compiled',
  );
  if (!existsSync(join(target, 'tfjs_binding.node')))
    throw new Error(`${compiler} made no addon in ${target}`);
}

function expectDone({ status, error, stderr }, what) {
  if (status === 0) return;
  const said =
    stderr
      ?.trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ??
    error?.message ??
    `status ${status}`;
  throw new Error(`${what}: ${said}`);
}
