// Our side of the step benchmark, with the same JSON lines as step.py: after a greeting, each request
//   {"cmd": "run", "steps": 200, "leadIn": 20}
// is answered by {"micros": <mean time per step>, "loss": <mean over the block>} or {"error": <sentence>}.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { loadDataset } from '@winning-tickets/datasets';
import { applyMasks, namedNetwork, resolveNetwork } from '@winning-tickets/ticket';
import {
  batchSource,
  engineNamed,
  initializeParameters,
  parseOptimizer,
  slotNames,
  stream,
} from '@winning-tickets/train';
import { networks } from './networks.mjs';

const { values: options } = parseArgs({
  options: {
    network: { type: 'string' },
    threads: { type: 'string', default: '1' },
    density: { type: 'string', default: '0.5' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'onnx' },
    device: { type: 'string', default: 'cpu' },
  },
});

/** Random masks in the prunable parameters' shapes, uint8, by parameter name. */
function randomMasks(network, density, seed) {
  return Object.fromEntries(
    network.parameters
      .filter((parameter) => parameter.prunable)
      .map(({ name, shape }) => {
        const random = stream(seed, 'mask', name);
        const size = shape.reduce((product, length) => product * length, 1);
        const data = Uint8Array.from({ length: size }, () => (random.uniform() < density ? 1 : 0));
        return [name, { dtype: 'uint8', shape, data }];
      }),
  );
}

const zerosLike = ({ shape, data }) => ({ dtype: 'float32', shape, data: new Float32Array(data.length) });

/** The state before the first step: masked initial weights, empty optimizer slots. */
function initialState(network, optimizer, density, seed) {
  const masks = randomMasks(network, density, seed);
  const parameters = applyMasks(initializeParameters(network, seed, 'init'), masks);
  const floatMasks = Object.entries(masks).map(([name, { shape, data }]) => [
    name,
    { dtype: 'float32', shape, data: Float32Array.from(data) },
  ]);
  const slots = slotNames(optimizer).flatMap((slot) =>
    Object.entries(parameters).map(([name, value]) => [`${slot}/${name}`, zerosLike(value)]),
  );
  return {
    step: 0,
    parameters,
    masks: Object.fromEntries(floatMasks),
    slots: Object.fromEntries(slots),
    buffers: {},
  };
}

function expectPrunedWeightsZero({ parameters, masks }) {
  for (const [name, mask] of Object.entries(masks)) {
    if (parameters[name].data.some((weight, index) => mask.data[index] === 0 && weight !== 0)) {
      throw new Error(`a pruned weight of ${name} has left zero: the step measured is not the masked step`);
    }
  }
}

async function start() {
  const { batchSize, optimizer: optimizerInput, dataset: source } = networks[options.network];
  const seed = Number(options.seed);
  const optimizer = parseOptimizer(optimizerInput, 'optimizer');
  const dataset = await loadDataset(source);
  const spec = namedNetwork(options.network, [...dataset.inputShape], dataset.classNames.length);
  const network = resolveNetwork(spec);
  const program = await engineNamed(options.engine).compile({
    network,
    optimizer,
    batchSize,
    inputScale: dataset.inputScale,
    train: dataset.train,
    validation: dataset.validation,
    test: dataset.test,
    threads: Number(options.threads),
    device: options.device,
  });
  const [samples] = dataset.train.labels.shape;
  const batches = batchSource({ seed, samples, batchSize, rate: optimizer.rate });
  let state = initialState(network, optimizer, Number(options.density), seed);

  return async ({ cmd, steps, leadIn = 0 }) => {
    if (cmd !== 'run') throw new Error(`expected the command "run", found "${cmd}"`);
    if (leadIn > 0) ({ state } = await program.run(state, batches(state.step, leadIn)));
    // As on the other side, drawing the batches is not part of the step.
    const plan = batches(state.step, steps);
    const started = performance.now();
    const result = await program.run(state, plan);
    const micros = ((performance.now() - started) * 1000) / steps;
    state = result.state;
    expectPrunedWeightsZero(state);
    return { micros, loss: result.losses.reduce((sum, loss) => sum + loss, 0) / steps };
  };
}

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const run = await start();
say({ ready: true, versions: { node: process.versions.node } });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await run(JSON.parse(line)));
  } catch (error) {
    say({ error: error.message });
  }
}
process.exit(0);
