// Python environments for the tools that speak Python: .cache/venv/<name> under the repository root.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const environments = join(import.meta.dirname, '..', '.cache', 'venv');

/** The oldest that the pinned versions in every requirements.txt run on. */
const oldestPython = [3, 11];

const pythonIn = (folder) =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');

/**
 * Installs what a requirements.txt lists into an environment of its own, unless it is there already: a stamp with the
 * file's hash says what is installed.
 *
 * @param {object} options
 * @param {string} options.name of the environment's folder.
 * @param {string} options.requirements path of the requirements.txt.
 * @param {string} options.purpose who needs it, as the subject of a sentence.
 * @param {number} options.neededBytes what it takes on disk, archives included.
 * @param {(line: string) => void} options.log told what takes long.
 * @returns {string} path of the environment's Python.
 * @throws Error with one sentence: what is missing and what to do.
 */
export function ensurePythonEnvironment({ name, requirements, purpose, neededBytes, log }) {
  const environment = join(environments, name);
  const python = pythonIn(environment);
  const stamp = join(environment, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted && runs(python)) return python;

  if (!runs(python)) createEnvironment(environment, purpose, neededBytes);
  log(`Installing what ${requirements} lists into ${environment} (about ${megabytes(neededBytes)}) …`);
  // pip's own lines go to standard error: standard output belongs to the results.
  const options = ['--disable-pip-version-check', '--no-input', '--no-cache-dir'];
  const pip = spawnSync(python, ['-m', 'pip', 'install', ...options, '-r', requirements], {
    stdio: ['ignore', 2, 2],
  });
  if (pip.status !== 0) {
    throw new Error(
      `pip could not install ${requirements} into ${environment} (its own message is above): ` +
        'check the network and free disk space, then run this again.',
    );
  }
  writeFileSync(stamp, `${wanted}\n`);
  return python;
}

const megabytes = (bytes) => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;

// The Python that an environment was made from may have been removed since: the link is there and leads nowhere.
const runs = (python) => existsSync(python) && spawnSync(python, ['-m', 'pip', '--version']).status === 0;

function createEnvironment(environment, purpose, neededBytes) {
  const python = process.env.PYTHON ?? 'python3';
  expectPython(python, purpose);
  mkdirSync(environment, { recursive: true });
  expectDiskSpace(environment, purpose, neededBytes);
  const made = spawnSync(python, ['-m', 'venv', '--clear', environment], { encoding: 'utf8' });
  if (made.status !== 0) {
    const reason = `${made.stdout}${made.stderr}`.trim().split('\n')[0] ?? '';
    throw new Error(
      `${python} could not create a virtual environment at ${environment} (${reason}): ` +
        'install its venv module (Debian and Ubuntu: apt install python3-venv) and run this again.',
    );
  }
}

function expectPython(python, purpose) {
  const oldest = oldestPython.join('.');
  const asked = spawnSync(python, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  if (asked.error || asked.status !== 0) {
    throw new Error(
      `${purpose} needs Python ${oldest} or newer and "${python}" does not run: ` +
        'install it, or name one in the environment variable PYTHON.',
    );
  }
  const [major = 0, minor = 0] = asked.stdout.trim().split(' ').map(Number);
  if (major < oldestPython[0] || (major === oldestPython[0] && minor < oldestPython[1])) {
    throw new Error(
      `${purpose} needs Python ${oldest} or newer, found ${major}.${minor} as "${python}": ` +
        'name a newer one in the environment variable PYTHON.',
    );
  }
}

function expectDiskSpace(environment, purpose, neededBytes) {
  const { bavail, bsize } = statfsSync(environment);
  const free = bavail * bsize;
  if (free < neededBytes) {
    throw new Error(
      `${purpose} needs about ${megabytes(neededBytes)} under ${environment}, found ${megabytes(free)} free: ` +
        'make room and run this again.',
    );
  }
}
