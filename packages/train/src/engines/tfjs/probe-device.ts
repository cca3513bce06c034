import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TfjsDevice } from './packages.js';
import type { DeviceStatus } from '../../engine.js';
import { packageFor } from './packages.js';

/** A device that takes longer does not work. */
const PROBE_MILLIS = 120_000;

/** Tries a device of TensorFlow.js, in a process of its own: a native addon that does not fit may take its process down. */
export async function probeDevice(device: TfjsDevice): Promise<DeviceStatus> {
  try {
    packageFor(device);
  } catch (error) {
    return { device, available: false, detail: messageOf(error) };
  }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [probeProgram(), device], {
      timeout: PROBE_MILLIS,
    });
    return { device, available: true, detail: stdout.trim() };
  } catch (error) {
    return { device, available: false, detail: reasonOf(error) };
  }
}

/** The built program, also when this file runs from its source. */
function probeProgram(): string {
  const path = fileURLToPath(new URL('./probe.js', import.meta.url));
  return path.replace(/([\\/])src([\\/]engines[\\/])/, '$1dist$2');
}

/** What the probe said last, else how it ended. */
function reasonOf(error: unknown): string {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const said = output.split('\n').findLast((line) => line.startsWith('reason: '));
  return said?.slice('reason: '.length) ?? `the attempt failed (${messageOf(error).split('\n', 1)[0] ?? ''})`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
