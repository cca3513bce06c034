// Puts TensorFlow.js's native addon in place: .cache/tfjs/cpu, or with --gpu .cache/tfjs/gpu, where the engine `tfjs` looks
// for it. Idempotent: what is there and works is left alone. See docs/engines.md.
//
//   npm run setup:tfjs [-- --gpu] [-- --from-wheel]
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeDevice } from '@winning-tickets/train';
import { optionsOf } from '../options.mjs';
import { buildAddon } from './addon.mjs';

const cache = join(import.meta.dirname, '..', '..', '.cache', 'tfjs');

const usage = `Usage: npm run setup:tfjs -- [options]

Installs TensorFlow.js with its native addon into .cache/tfjs, for --engine tfjs --device cpu (or gpu). The package's own
installer is tried first; where it cannot fetch what it wants, the addon is built against the TensorFlow library of a Python
wheel, which needs Linux on x86-64, Python with pip, and g++ or clang++. Versions are pinned, and what npm and pip fetch is
checked against the hashes in tools/tfjs.

  --gpu         the package for CUDA instead (2.5 GB on disk instead of 1.0; CUDA 12 and cuDNN 9 are the machine's business)
  --from-wheel  do not try the package's own installer
  --help        print this`;

/** The package's own installer has no time limit of its own where a network swallows what it asks for. */
const INSTALLER_MILLIS = 240_000;

/**
 * @param {'cpu' | 'gpu'} device
 * @param {object} options
 * @param {boolean} options.fromWheel leaves the package's own installer out.
 * @param {(line: string) => void} options.log told what takes long.
 * @returns {Promise<string>} what works now.
 * @throws Error with one sentence: what is missing and what to do.
 */
export async function setUpTfjs(device, { fromWheel, log }) {
  expectNode();
  const before = await probeDevice(device);
  if (before.available) return before.detail;
  const folder = join(cache, device);
  const addon = join(folder, 'node_modules', '@tensorflow', packageOf(device));
  log(`Installing @tensorflow/${packageOf(device)} into ${folder} …`);
  installPackage(device, folder);
  const installed = !fromWheel && (await ownInstaller(device, addon, log));
  if (!installed) buildAddon({ device, addon, log });
  const after = await probeDevice(device);
  if (after.available) return after.detail;
  throw new Error(`the addon was put in place, but does not work: ${after.detail}`);
}

const packageOf = (device) => (device === 'gpu' ? 'tfjs-node-gpu' : 'tfjs-node');

function expectNode() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 23) return;
  throw new Error(
    `TensorFlow.js 4.22 calls functions that Node.js 23 took away, and this is ${process.versions.node}: use Node.js 20 or 22.`,
  );
}

/** From a lockfile, so that npm checks every file it fetches. Its scripts don't run. */
function installPackage(device, folder) {
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(import.meta.dirname, device, file), join(folder, file));
  }
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status === 0) return;
  throw new Error(
    `npm could not install @tensorflow/${packageOf(device)} into ${folder} (its own message is above): ` +
      'check the network and free disk space, then run this again.',
  );
}

/** What `npm install` would run: fetches a library and an addon that TensorFlow.js's makers have built. */
async function ownInstaller(device, addon, log) {
  log("Trying the package's own installer …");
  const { status } = spawnSync(process.execPath, ['scripts/install.js', device], {
    cwd: addon,
    stdio: 'ignore',
    timeout: INSTALLER_MILLIS,
    killSignal: 'SIGKILL',
  });
  if (status === 0 && (await probeDevice(device)).available) return true;
  log('… which could not fetch what it needs here.');
  for (const left of ['deps', 'lib', 'build']) rmSync(join(addon, left), { recursive: true, force: true });
  return false;
}

async function main() {
  const { values } = optionsOf(usage, {
    gpu: { type: 'boolean', default: false },
    'from-wheel': { type: 'boolean', default: false },
  });
  const device = values.gpu ? 'gpu' : 'cpu';
  const log = (line) => console.error(line);
  console.log(`${device}: ${await setUpTfjs(device, { fromWheel: values['from-wheel'], log })}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await main();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
