// Trains networks in the engines side by side, from the same seed with the same batches, and prints how far they come apart,
// as Markdown: the largest relative difference of a step's loss, and the largest difference of a weight.
//
//   npm run compare:engines -- [NETWORK...] [--steps 200] [--seeds 1] [--devices cpu,wasm] [--check]
//
// With two threads beside one, the engine `onnx` is held against itself: the yardstick for what rounding alone does.
// --check exits with 1 when losses differ by more than 1e-4 or weights by more than 1e-3.
import { parseArgs } from 'node:util';
import { loadDataset } from '@winning-tickets/datasets';
import { namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import {
  batchSource,
  engineNamed,
  initialBuffers,
  initializeParameters,
  parseOptimizer,
  slotNames,
} from '@winning-tickets/train';

const LOSS_TOLERANCE = 1e-4;
const WEIGHT_TOLERANCE = 1e-3;
const BATCH_SIZE = 60;

const mnist = { id: 'mnist', validation: 5000, splitSeed: 0 };
const reuters = (text) => ({ id: 'reuters-46', validation: 1000, splitSeed: 0, text });

/** The networks that are compared, with their data and the rate of Adam that their experiments use. */
const compared = {
  'lenet-300-100': { dataset: mnist, rate: 0.0012 },
  'lenet-5': { dataset: mnist, rate: 0.0012 },
  'reuters-ffnn': { dataset: reuters({ kind: 'bag', words: 10000, weights: 'binary' }), rate: 0.001 },
  'reuters-cnn': { dataset: reuters({ kind: 'sequence', words: 10000, length: 100 }), rate: 0.002 },
};

/** Every other way to train that is held against the engine `onnx` on one thread. */
const others = {
  'onnx, 2 threads': { engine: 'onnx', device: 'cpu', threads: 2 },
  'tfjs on cpu': { engine: 'tfjs', device: 'cpu', threads: 1 },
  'tfjs on gpu': { engine: 'tfjs', device: 'gpu', threads: 1 },
  'tfjs on wasm': { engine: 'tfjs', device: 'wasm', threads: 1 },
};

async function jobOf(name) {
  const { dataset: source, rate } = compared[name];
  const dataset = await loadDataset(source);
  const indices = dataset.train.inputs.dtype === 'int32' ? dataset.vocabulary.length : undefined;
  return {
    network: resolveNetwork(namedNetwork(name, [...dataset.inputShape], dataset.classNames.length, indices)),
    optimizer: parseOptimizer({ kind: 'adam', rate }, 'optimizer'),
    batchSize: BATCH_SIZE,
    inputScale: dataset.inputScale,
    train: dataset.train,
    validation: dataset.validation,
    test: dataset.test,
  };
}

const filled = ({ shape }, number) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: new Float32Array(size).fill(number) };
};

function beginning({ network, optimizer }, seed) {
  const slots = slotNames(optimizer).flatMap((slot) =>
    network.parameters.map((parameter) => [`${slot}/${parameter.name}`, filled(parameter, 0)]),
  );
  const masks = network.parameters
    .filter(({ prunable }) => prunable)
    .map((parameter) => [parameter.name, filled(parameter, 1)]);
  return {
    step: 0,
    parameters: initializeParameters(network, seed, 'init'),
    masks: Object.fromEntries(masks),
    slots: Object.fromEntries(slots),
    buffers: initialBuffers(network),
  };
}

async function trained(job, { engine, device, threads }, seed, steps) {
  const program = await engineNamed(engine).compile({ ...job, device, threads });
  const [samples] = job.train.labels.shape;
  const batches = batchSource({ seed, samples, batchSize: BATCH_SIZE, rate: job.optimizer.rate });
  try {
    return await program.run(beginning(job, seed), batches(0, steps));
  } finally {
    await program.dispose();
  }
}

/** Where two trainings are apart: how much, and the first step whose losses differ by more than is allowed. */
function distance(expected, found) {
  const apart = Array.from(expected.losses, (loss, step) => Math.abs(found.losses[step] - loss) / loss);
  const weights = Object.entries(expected.state.parameters).map(([name, { data }]) =>
    data.reduce((worst, weight, index) => {
      const error = Math.abs(weight - found.state.parameters[name].data[index]);
      return Number.isNaN(error) ? NaN : Math.max(worst, error);
    }, 0),
  );
  const first = apart.findIndex((difference) => !(difference <= LOSS_TOLERANCE));
  return { loss: Math.max(...apart), weight: Math.max(...weights), first: first < 0 ? undefined : first + 1 };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '1' },
    devices: { type: 'string', default: 'cpu,wasm' },
    check: { type: 'boolean', default: false },
  },
});
const steps = Number(values.steps);
const devices = values.devices.split(',');
const names = positionals.length > 0 ? positionals : Object.keys(compared);
const unknown = names.find((name) => !(name in compared));
if (unknown !== undefined) {
  console.error(`No network "${unknown}" to compare; known: ${Object.keys(compared).join(', ')}.`);
  process.exit(2);
}
console.log(
  `| network, ${steps} steps | seed | held against onnx on one thread | loss, relative | weight | losses 1e-4 apart |`,
);
console.log('| --- | --- | --- | --- | --- | --- |');
for (const name of names) {
  const job = await jobOf(name);
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    const expected = await trained(job, { engine: 'onnx', device: 'cpu', threads: 1 }, seed, steps);
    for (const [title, way] of Object.entries(others)) {
      if (way.engine === 'tfjs' && !devices.includes(way.device)) continue;
      const { loss, weight, first } = distance(expected, await trained(job, way, seed, steps));
      const when = first === undefined ? 'never' : `from step ${first}`;
      console.log(
        `| ${name} | ${seed} | ${title} | ${loss.toExponential(1)} | ${weight.toExponential(1)} | ${when} |`,
      );
      if (values.check && way.engine === 'tfjs' && !(loss <= LOSS_TOLERANCE && weight <= WEIGHT_TOLERANCE)) {
        console.error(`${name}: ${title} differs by more than ${LOSS_TOLERANCE} and ${WEIGHT_TOLERANCE}`);
        process.exitCode = 1;
      }
    }
  }
}
