// The same steps in PyTorch; see peer.py.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('peer.py', import.meta.url));

/**
 * Steps of PyTorch: versions, and per number of trainings and mode the time of a step.
 *
 * @param options as `bench.mjs` takes them, and `python`, which must have PyTorch
 */
export async function peerSteps({ python, ...options }) {
  const names = ['network', 'members', 'device', 'steps', 'blocks', 'threads', 'density', 'modes'];
  const values = names.flatMap((name) => [`--${name}`, String(options[name])]);
  try {
    const { stdout } = await promisify(execFile)(python, [program, ...values], { maxBuffer: 2 ** 24 });
    const { rows, ...facts } = JSON.parse(stdout.trim().split('\n').at(-1));
    return { ...facts, rows: rows.map((row) => ({ ...row, ...(row.micros && summary(row)) })) };
  } catch (error) {
    const [line] = String(error.stderr ?? error.message)
      .trim()
      .split('\n')
      .slice(-1);
    throw new Error(`${python} cannot do the steps in PyTorch: ${line}`, { cause: error });
  }
}

/** Median time of a step, and steps a second. */
export function summary({ members, micros }) {
  const stepMicros = micros.toSorted((a, b) => a - b)[Math.floor(micros.length / 2)];
  return {
    stepMicros,
    stepsPerSecondPerTrial: 1e6 / stepMicros,
    trialStepsPerSecond: (members * 1e6) / stepMicros,
  };
}
