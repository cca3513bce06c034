// Measures what training trials together gains on a device: steps per second of 1, 8 and 64 trainings in one graph.
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadDataset } from '@winning-tickets/datasets';
import { namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import {
  batchSource,
  initialBuffers,
  initializeParameters,
  onnxEngine,
  slotNames,
} from '@winning-tickets/train';

const usage = `Usage: npm run bench:together -- [options]

Times the training steps of one network on MNIST, several trainings side by side in one graph, in interleaved blocks.

  --device NAME    cpu, cuda or webgpu (default cpu)
  --network NAME   default lenet-300-100
  --members LIST   trainings side by side, comma-separated (default 1,8,64)
  --steps N        steps of a block (default 100)
  --blocks N       blocks of each (default 5), after one that does not count
  --threads N      threads inside one operator (default 1)
  --json           print the result as JSON
  --help           print this`;

const { values: options } = parseArgs({
  options: {
    device: { type: 'string', default: 'cpu' },
    network: { type: 'string', default: 'lenet-300-100' },
    members: { type: 'string', default: '1,8,64' },
    steps: { type: 'string', default: '100' },
    blocks: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function whole(name) {
  const number = Number(options[name]);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} must be a whole number from 1, found ${options[name]}`);
  return number;
}

async function measure() {
  const counts = options.members.split(',').map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1)) {
    throw new Error(`--members must be whole numbers from 1, found ${options.members}`);
  }
  const [steps, blocks, threads] = ['steps', 'blocks', 'threads'].map(whole);
  const dataset = await loadDataset({ id: 'mnist', validation: 5000, splitSeed: 0 });
  const job = {
    network: resolveNetwork(
      namedNetwork(options.network, [...dataset.inputShape], dataset.classNames.length),
    ),
    optimizer: { kind: 'adam', rate: 0.0012, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    batchSize: 60,
    inputScale: dataset.inputScale,
    train: dataset.train,
    validation: dataset.validation,
    test: dataset.test,
    threads,
    device: options.device,
  };
  const program = await onnxEngine.compile(job);
  const [samples] = dataset.train.labels.shape;
  const sides = counts.map((members) => ({
    members,
    micros: [],
    trainings: Array.from({ length: members }, (_, member) => ({
      state: beginning(job, member + 1),
      batches: batchSource({ seed: member + 1, samples, batchSize: job.batchSize, rate: job.optimizer.rate }),
    })),
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
  return sides.map(({ members, micros }) => {
    const stepMicros = micros.toSorted((a, b) => a - b)[Math.floor(micros.length / 2)];
    return {
      members,
      stepMicros,
      stepsPerSecondPerTrial: 1e6 / stepMicros,
      trialStepsPerSecond: (members * 1e6) / stepMicros,
      micros,
    };
  });
}

/** The state before the first step, with a mask that keeps every weight. */
function beginning({ network, optimizer }, seed) {
  const parameters = initializeParameters(network, seed);
  const filled = ({ shape, data }, value) => ({
    dtype: 'float32',
    shape,
    data: new Float32Array(data.length).fill(value),
  });
  return {
    step: 0,
    parameters,
    masks: Object.fromEntries(
      network.parameters
        .filter(({ prunable }) => prunable)
        .map(({ name }) => [name, filled(parameters[name], 1)]),
    ),
    slots: Object.fromEntries(
      slotNames(optimizer).flatMap((slot) =>
        Object.entries(parameters).map(([name, value]) => [`${slot}/${name}`, filled(value, 0)]),
      ),
    ),
    buffers: initialBuffers(network),
  };
}

if (options.help) {
  console.log(usage);
} else {
  try {
    const rows = await measure();
    const machine = { device: options.device, cpu: cpus()[0]?.model.trim(), node: process.versions.node };
    if (options.json) console.log(JSON.stringify({ network: options.network, machine, rows }));
    else {
      console.log(`${options.network} on ${machine.device} (${machine.cpu}, Node.js ${machine.node})\n`);
      console.log('trainings   step, µs   steps/s each   steps/s in all');
      for (const { members, stepMicros, stepsPerSecondPerTrial, trialStepsPerSecond } of rows) {
        const cells = [members, stepMicros, stepsPerSecondPerTrial, trialStepsPerSecond];
        console.log(
          cells.map((cell, index) => Math.round(cell).toString().padStart([9, 11, 15, 17][index])).join(''),
        );
      }
    }
  } catch (error) {
    console.error(`bench:together: ${error.message}`);
    process.exitCode = 1;
  }
}
// A device's own threads may outlive its sessions.
process.exit();
