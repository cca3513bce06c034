import type { Engine, TrainingJob } from '../../engine.js';
import { engineDevices } from '../devices.js';
import type { TfjsDevice } from './packages.js';
import { packageFor } from './packages.js';
import { probeDevice } from './probe-device.js';

/**
 * Trains in TensorFlow.js: walks the forward graph that the engine `onnx` differentiates, a function of TensorFlow.js per
 * operator, and lets TensorFlow.js differentiate it.
 *
 * TensorFlow.js is an optional part: it is loaded when a job asks for it.
 */
export const tfjsEngine: Engine = {
  name: 'tfjs',
  devices: () => Promise.all(engineDevices.tfjs.map(probeDevice)),
  async compile(job) {
    const device = deviceOf(job);
    const { threads } = job;
    packageFor(device);
    const { openBackend } = await import('./backend.js');
    const { compileFor } = await import('./program.js');
    return await compileFor(await openBackend(device, threads), job);
  },
};

function deviceOf({ device = 'cpu' }: TrainingJob): TfjsDevice {
  const known = engineDevices.tfjs.find((name) => name === device);
  if (known) return known;
  throw new Error(`TensorFlow.js has no device '${device}': it has ${engineDevices.tfjs.join(', ')}`);
}
