// Measures what training trials together gains on a device: steps per second of 1, 8 and 64 trainings in one graph.
import { performance } from 'node:perf_hooks';
import { engineDevices, onnxEngine } from '@winning-tickets/train';
import { oneOf, optionsOf, share, wholeNumber, wholeNumbers } from '../options.mjs';
import { machine } from './machine.mjs';
import { peerSteps, summary } from './peer.mjs';
import { beginning, jobOf } from './training.mjs';

const usage = `Usage: npm run bench:together -- [options]

Times the training steps of one network on MNIST, several trainings side by side in one graph, in interleaved blocks.

  --device NAME    cpu, cuda or webgpu (default cpu)
  --network NAME   default lenet-300-100
  --members LIST   trainings side by side, comma-separated (default 1,8,64)
  --steps N        steps of a block (default 100)
  --blocks N       blocks of each (default 5), after one that does not count
  --density SHARE  of the weights that random masks keep (default 1)
  --peer           the same steps in PyTorch on the same device (cpu or cuda), after ours
  --modes LIST     how PyTorch runs: eager, compiled (default eager,compiled)
  --python PATH    a Python that has PyTorch (default python3)
  --threads N      threads inside one operator (default 1)
  --json           print the result as JSON
  --help           print this`;

const { values } = optionsOf(usage, {
  device: { type: 'string', default: 'cpu' },
  network: { type: 'string', default: 'lenet-300-100' },
  members: { type: 'string', default: '1,8,64' },
  steps: { type: 'string', default: '100' },
  blocks: { type: 'string', default: '5' },
  density: { type: 'string', default: '1' },
  peer: { type: 'boolean', default: false },
  modes: { type: 'string', default: 'eager,compiled' },
  python: { type: 'string', default: 'python3' },
  threads: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
});

const options = {
  ...values,
  device: oneOf('--device', values.device, engineDevices.onnx),
  members: wholeNumbers('--members', values.members),
  steps: wholeNumber('--steps', values.steps),
  blocks: wholeNumber('--blocks', values.blocks),
  density: share('--density', values.density),
  threads: wholeNumber('--threads', values.threads),
};

async function measure() {
  const { members: counts, steps, blocks, threads } = options;
  const job = await jobOf({ network: options.network, device: options.device, threads });
  const program = await onnxEngine.compile(job);
  const sides = counts.map((members) => ({
    members,
    micros: [],
    trainings: Array.from({ length: members }, (_, member) => beginning(job, member + 1, options.density)),
  }));
  for (let block = 0; block <= blocks; block++) {
    for (const side of sides) {
      const plans = side.trainings.map(({ state, batches }) => ({ state, plan: batches(state.step, steps) }));
      const started = performance.now();
      const results = await program.runTogether(plans);
      if (block > 0) side.micros.push(((performance.now() - started) * 1000) / steps);
      results.forEach(({ state, losses }, member) => {
        if (!losses.every(Number.isFinite)) throw new Error('a training diverged: its time says nothing');
        side.trainings[member].state = state;
      });
    }
  }
  await program.dispose();
  return sides.map(({ members, micros }) => ({ members, micros, ...summary({ members, micros }) }));
}

function print({ members, error, stepMicros, stepsPerSecondPerTrial, trialStepsPerSecond }, side) {
  const cells = [stepMicros, stepsPerSecondPerTrial, trialStepsPerSecond];
  const numbers = cells.map((cell, index) => Math.round(cell).toString().padStart([11, 15, 17][index]));
  console.log(`${String(members).padStart(4)} ${side.padEnd(16)}${error ?? numbers.join('')}`);
}

try {
  const before = machine(options.device);
  const rows = await measure();
  const after = machine(options.device);
  const peer = options.peer ? await peerSteps(options) : undefined;
  if (options.json) {
    const { network, density, threads } = options;
    console.log(JSON.stringify({ network, density, threads, before, after, rows, peer })); // prettier-ignore
  } else {
    console.log(
      `${options.network} on ${options.device} (${before.gpu ?? before.cpu}, Node.js ${before.node})\n`,
    );
    console.log('trainings              step, µs   steps/s each   steps/s in all');
    for (const row of rows) print(row, 'ours');
    for (const row of peer?.rows ?? []) print(row, `PyTorch ${row.mode}`);
  }
} catch (error) {
  console.error(`bench:together: ${error.message}`);
  process.exitCode = 1;
}
// A device's own threads may outlive its sessions.
process.exit();
