import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { engineDevices } from '../devices.js';
import { errorCode } from '../../store/file-problem.js';

/** What TensorFlow.js may compute on: natively on a CPU or a GPU, or in WebAssembly, which needs nothing native. */
export type TfjsDevice = (typeof engineDevices)['tfjs'][number];

/** A package of TensorFlow.js that is in place. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** The file to load. */
  readonly entry: string;
}

const packages: Readonly<Record<TfjsDevice, { readonly name: string; readonly remedy: string }>> = {
  gpu: { name: '@tensorflow/tfjs-node-gpu', remedy: 'npm run setup:tfjs -- --gpu puts it in place' },
  cpu: {
    name: '@tensorflow/tfjs-node',
    remedy: 'npm run setup:tfjs puts it in place, and the device wasm does without it',
  },
  wasm: {
    name: '@tensorflow/tfjs-backend-wasm',
    remedy: 'npm ci installs it, unless it is told to leave optional packages out',
  },
};

/** Where `npm run setup:tfjs` puts packages with a native addon, a folder per device. */
const setupFolder = fileURLToPath(new URL('../../../../../.cache/tfjs/', import.meta.url));

/** TensorFlow.js 4.22 calls `util.isNullOrUndefined` and others, which this version of Node.js took away. */
const FIRST_NODE_WITHOUT = 23;

/**
 * The package that computes on a device: one that is installed, else the one that the setup has put in place.
 *
 * @param node version of Node.js.
 * @throws Error with one sentence when there is none, or this Node.js is too new for it.
 */
export function packageFor(device: TfjsDevice, node: string = process.versions.node): FoundPackage {
  const { name, remedy } = packages[device];
  const [major = 0] = node.split('.').map(Number);
  if (device !== 'wasm' && major >= FIRST_NODE_WITHOUT) {
    throw new Error(
      `${name} does not run on Node.js ${node}, which lacks functions that it calls: ` +
        'use Node.js 20 or 22, or the device wasm',
    );
  }
  const found = located('@tensorflow/tfjs-core', import.meta.url) && locatedAnywhere(name, device);
  if (!found) throw new Error(`${name} is not installed: ${remedy}`);
  return found;
}

function locatedAnywhere(name: string, device: TfjsDevice): FoundPackage | undefined {
  return located(name, import.meta.url) ?? located(name, join(setupFolder, device, 'package.json'));
}

/** @param from the file that would import it. */
function located(name: string, from: string): FoundPackage | undefined {
  try {
    const { resolve } = createRequire(from);
    const description = resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(description, 'utf8')) as { readonly version: string };
    return { name, version, entry: resolve(dirname(description)) };
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
