// The machine that a figure is from.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

const fields = 'name,driver_version,clocks.sm,power.draw,temperature.gpu';

/** The machine, with the state of its GPU where NVIDIA's driver tells of one. */
export function machine(device) {
  return {
    device,
    cpu: cpus()[0]?.model.trim(),
    node: process.versions.node,
    gpu: gpuState(),
    ...(process.env.NVIDIA_TF32_OVERRIDE === undefined
      ? {}
      : { NVIDIA_TF32_OVERRIDE: process.env.NVIDIA_TF32_OVERRIDE }),
  };
}

function gpuState() {
  try {
    const query = [`--query-gpu=${fields}`, '--format=csv,noheader', '--id=0'];
    return execFileSync('nvidia-smi', query, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
