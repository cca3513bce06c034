// Holds the engines against each other on the named networks, from the same seed with the same batches.
import { loadDataset } from '@winning-tickets/datasets';
import { namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import {
  batchSource,
  engineDevices,
  engineNamed,
  initialBuffers,
  initializeParameters,
  parseOptimizer,
  slotNames,
} from '@winning-tickets/train';
import { oneOf, optionsOf, someOf, wholeNumber } from '../options.mjs';

const usage = `Usage: npm run compare:engines -- [NETWORK...] [options]

Trains networks in the engines side by side, from the same seed with the same batches, and prints how far they come apart, as
Markdown: the largest relative difference of a step's loss and the largest difference of a weight after all steps, each on its
own; and, with every step begun from the state that the engine onnx came to, that of a loss, the median one of the gradients
(relative to their largest element), and at how many steps gradients differ by more than 1e-4, as they do where a ReLU is open
in one computation and closed in the other. With two threads beside one, the engine onnx is held against itself.

Networks: lenet-300-100, lenet-5, reuters-ffnn, reuters-cnn (default: all).

  --steps N       default 200
  --seeds N       seeds 1 to N (default 1)
  --devices LIST  devices of TensorFlow.js, comma-separated: cpu, gpu, wasm (default cpu,wasm)
  --check         exit with 1 when, each on its own, losses differ by more than 1e-4 or weights by more than 1e-3
  --help          print this`;

const LOSS_TOLERANCE = 1e-4;
const GRADIENT_TOLERANCE = 1e-4;
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

/**
 * The steps of a training one by one, each begun from the state that the engine `onnx` came to: how far losses and gradients
 * of another way are from those of `onnx`. A gradient is what plain descent at rate 1 takes off.
 */
async function stepByStep(job, ways, seed, steps) {
  const descent = { ...job, optimizer: { kind: 'sgd', rate: 1 } };
  const onnx = { engine: 'onnx', device: 'cpu', threads: 1 };
  const compiled = (from, { engine, device, threads }) =>
    engineNamed(engine).compile({ ...from, device, threads });
  const leader = await compiled(job, onnx);
  const programs = await Promise.all([onnx, ...ways].map((way) => compiled(descent, way)));
  const [samples] = job.train.labels.shape;
  const draw = (rate) => batchSource({ seed, samples, batchSize: BATCH_SIZE, rate });
  const [batches, descending] = [draw(job.optimizer.rate), draw(1)];
  const found = ways.map(() => ({ loss: 0, gradients: [] }));
  let state = beginning(job, seed);
  for (let step = 0; step < steps; step++) {
    const outcomes = [];
    for (const program of programs) {
      outcomes.push(await program.run({ ...state, slots: {} }, descending(step, 1)));
    }
    const [expected, ...others] = outcomes;
    others.forEach((other, index) => {
      const { loss, gradients } = found[index];
      const apart = Math.abs(other.losses[0] - expected.losses[0]) / expected.losses[0];
      found[index] = { loss: Math.max(loss, apart), gradients };
      gradients.push(gradientsApart(state.parameters, expected.state.parameters, other.state.parameters));
    });
    ({ state } = await leader.run(state, batches(step, 1)));
  }
  for (const program of [leader, ...programs]) await program.dispose();
  return found.map(({ loss, gradients }) => ({
    loss,
    gradient: gradients.toSorted((a, b) => a - b)[Math.floor(gradients.length / 2)],
    others: gradients.filter((apart) => !(apart <= GRADIENT_TOLERANCE)).length,
  }));
}

/** The largest difference of two gradients, relative to their largest element. */
function gradientsApart(before, expected, found) {
  let [largest, apart] = [0, 0];
  for (const [name, { data }] of Object.entries(expected)) {
    const [from, other] = [before[name].data, found[name].data];
    for (let index = 0; index < data.length; index++) {
      largest = Math.max(largest, Math.abs(from[index] - data[index]));
      const error = Math.abs(other[index] - data[index]);
      if (!(error <= apart)) apart = error;
    }
  }
  return largest === 0 ? apart : apart / largest;
}

const { values, positionals } = optionsOf(
  usage,
  {
    steps: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '1' },
    devices: { type: 'string', default: 'cpu,wasm' },
    check: { type: 'boolean', default: false },
  },
  Infinity,
);
const steps = wholeNumber('--steps', values.steps);
const seeds = wholeNumber('--seeds', values.seeds);
const devices = someOf('--devices', values.devices, engineDevices.tfjs);
const known = Object.keys(compared);
const names = positionals.length > 0 ? positionals.map((name) => oneOf('NETWORK', name, known)) : known;
const ways = Object.entries(others).filter(
  ([, { engine, device }]) => engine === 'onnx' || devices.includes(device),
);
const columns = ['network', 'seed', 'held against onnx on one thread', 'loss', 'weight', 'losses 1e-4 apart'];
const fromSameState = ['loss, same state', 'gradient, same state', 'steps apart'];
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
row([...columns, ...fromSameState]);
row([...columns, ...fromSameState].map(() => '---'));
for (const name of names) {
  const job = await jobOf(name);
  for (let seed = 1; seed <= seeds; seed++) {
    const expected = await trained(job, { engine: 'onnx', device: 'cpu', threads: 1 }, seed, steps);
    const each = await stepByStep(
      job,
      ways.map(([, way]) => way),
      seed,
      steps,
    );
    for (const [index, [title, way]] of ways.entries()) {
      const { loss, weight, first } = distance(expected, await trained(job, way, seed, steps));
      const when = first === undefined ? 'never' : `from step ${first}`;
      const alone = [loss.toExponential(1), weight.toExponential(1), when];
      const { loss: stepLoss, gradient, others: relus } = each[index];
      row([name, seed, title, ...alone, stepLoss.toExponential(1), gradient.toExponential(1), `${relus}`]);
      if (values.check && way.engine === 'tfjs' && !(loss <= LOSS_TOLERANCE && weight <= WEIGHT_TOLERANCE)) {
        console.error(`${name}: ${title} differs by more than ${LOSS_TOLERANCE} and ${WEIGHT_TOLERANCE}`);
        process.exitCode = 1;
      }
    }
  }
}
process.exit();
