// TensorFlow.js judges our own differentiation: from the same seed with the same batches, both engines must come to the same
// losses and weights, on each network that has a name; natively too, where its addon can be built: there the tests of the
// engine run, which otherwise use WebAssembly. A training in it that is killed must come to the same tickets as one that is
// not. Prints a line of JSON per rule, `{rule, problem?}`; exits 1 when
// one has a problem.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setUpTfjs } from '../tfjs/setup.mjs';
import { killReferee } from './kill.mjs';

/** Few, because rounding alone drives trainings apart later, see docs/engines.md. */
const STEPS = 20;
const LIMIT_MILLIS = 300_000;
const root = join(import.meta.dirname, '..', '..');
const networks = ['lenet-300-100', 'lenet-5', 'reuters-ffnn', 'reuters-cnn'];

const log = (line) => console.error(line);

/** @returns {Promise<{rule: string, problem?: string}[]>} one entry per rule that was checked. */
async function tfjsReferee() {
  const native = await setUpTfjs('cpu', { fromWheel: false, log }).then(
    (detail) => ({ device: 'cpu', said: detail }),
    (error) => ({ device: undefined, said: `left out, since it cannot be set up here: ${error.message}` }),
  );
  log(`tfjs on cpu: ${native.said}`);
  const devices = native.device ? 'cpu,wasm' : 'wasm';
  const way = { engine: 'tfjs', device: native.device ?? 'wasm' };
  const killed = await killReferee({ kills: 4, seed: 1, log, changes: way, grids: false });
  return [
    ...(native.device ? [engineTests(native.device)] : []),
    ...networks.map((network) => agreement(network, devices)),
    ...killed.map(({ rule, problem }) => ({ rule: `on ${way.device}: ${rule}`, problem })),
  ];
}

function engineTests(device) {
  const script = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [script, 'run', 'packages/train/tests/engines/tfjs'];
  return judged(`the tests of the engine on ${device}`, args, { TFJS_DEVICE: device });
}

function agreement(network, devices) {
  const script = join(root, 'tools', 'tfjs', 'compare.mjs');
  const args = [script, network, '--steps', `${STEPS}`, '--devices', devices, '--check'];
  return judged(
    `${network}: ${STEPS} steps on ${devices.replace(',', ' and ')} are those of the engine onnx`,
    args,
  );
}

/** A rule that a program of Node.js upholds by ending with 0. */
function judged(rule, args, environment = {}) {
  const { status, signal, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MILLIS,
  });
  return { rule, problem: status === 0 ? undefined : stderr.trim() || `ended with ${signal ?? status}` };
}

const checks = await tfjsReferee();
for (const check of checks) console.log(JSON.stringify(check));
if (checks.some(({ problem }) => problem)) process.exitCode = 1;
