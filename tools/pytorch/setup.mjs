// Sets up the Python environment of the PyTorch benchmarks: .cache/venv/pytorch under the repository root.
// Safe to repeat: a stamp with the hash of requirements.txt says what is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const environment = join(root, '.cache', 'venv', 'pytorch');
const requirements = join(here, 'requirements.txt');
const stamp = join(environment, 'requirements.sha256');

/** Torch's wheels bring CUDA along: 5.4 GB installed, and the archive while it is unpacked. */
const neededBytes = 6e9;
/** The oldest that the pinned versions in requirements.txt run on. */
const oldestPython = [3, 11];

const pythonIn = (folder) =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

/**
 * Installs what requirements.txt lists, unless it is there already.
 *
 * @param {(line: string) => void} log told what takes long.
 * @returns {string} path of the environment's Python.
 * @throws Error with one sentence: what is missing and what to do.
 */
export function ensurePythonEnvironment(log) {
  const python = pythonIn(environment);
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted) return python;

  if (!existsSync(python)) createEnvironment();
  log(`Installing PyTorch into ${environment} (about 5.4 GB; this takes some minutes) …`);
  // pip's own lines go to standard error: standard output belongs to the results.
  const pip = spawnSync(
    python,
    [
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--no-input',
      '--no-cache-dir',
      '-r',
      requirements,
    ],
    { stdio: ['ignore', 2, 2] },
  );
  if (pip.status !== 0) {
    throw new Error(
      `pip could not install ${requirements} into ${environment} (its own message is above): ` +
        'check the network and free disk space, then run this again.',
    );
  }
  writeFileSync(stamp, `${wanted}\n`);
  return python;
}

function createEnvironment() {
  const python = process.env.PYTHON ?? 'python3';
  expectPython(python);
  mkdirSync(environment, { recursive: true });
  expectDiskSpace();
  const made = spawnSync(python, ['-m', 'venv', environment], { encoding: 'utf8' });
  if (made.status !== 0) {
    const reason = `${made.stdout}${made.stderr}`.trim().split('\n')[0] ?? '';
    throw new Error(
      `${python} could not create a virtual environment at ${environment} (${reason}): ` +
        'install its venv module (Debian and Ubuntu: apt install python3-venv) and run this again.',
    );
  }
}

function expectPython(python) {
  const oldest = oldestPython.join('.');
  const asked = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  if (asked.error || asked.status !== 0) {
    throw new Error(
      `The PyTorch benchmark needs Python ${oldest} or newer and "${python}" does not run: ` +
        'install it, or name one in the environment variable PYTHON.',
    );
  }
  const [major = 0, minor = 0] = asked.stdout.trim().split(' ').map(Number);
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1])) {
    throw new Error(
      `The PyTorch benchmark needs Python ${oldest} or newer, found ${major}.${minor} as "${python}": ` +
        'name a newer one in the environment variable PYTHON.',
    );
  }
}

function expectDiskSpace() {
  const { bavail, bsize } = statfsSync(environment);
  const free = bavail * bsize;
  if (free < neededBytes) {
    throw new Error(
      `PyTorch needs about ${neededBytes / 1e9} GB under ${environment}, found ${(free / 1e9).toFixed(1)} GB free: ` +
        'make room and run this again.',
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensurePythonEnvironment((line) => console.error(line)));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
