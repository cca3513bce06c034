// Trains on the WebGPU provider beside the CPU: from the same seed, losses and weights must agree step by step. Prints
// a line of JSON per rule, `{rule, problem?}`. Any Vulkan driver does; where there is no GPU, that of Chromium computes on
// the CPU (VK_DRIVER_FILES names it), which says nothing about speed.
import { resolveNetwork } from '@winning-tickets/ticket';
import {
  batchSource,
  initialBuffers,
  initializeParameters,
  onnxEngine,
  slotNames,
  stream,
} from '@winning-tickets/train';

const STEPS = 200;
const LOSS_TOLERANCE = 1e-4;
const WEIGHT_TOLERANCE = 1e-3;

/** Small networks of dense layers and of convolutions: a step takes a software driver most of its time in launching. */
const networks = {
  'dense layers': [
    { kind: 'flatten' },
    { kind: 'dense', units: 16 },
    { kind: 'relu' },
    { kind: 'dense', units: 4 },
  ],
  convolutions: [
    { kind: 'conv2d', filters: 4, kernel: 3, padding: 'same' },
    { kind: 'relu' },
    { kind: 'maxpool', kernel: 2 },
    { kind: 'flatten' },
    { kind: 'dense', units: 4 },
  ],
};

/** Images of four classes, each with a pattern of its own. */
function samples(count, seed) {
  const random = stream(seed, 'images');
  const labels = Int32Array.from({ length: count }, (_, sample) => sample % 4);
  const pixels = Array.from(labels, (label) =>
    Array.from({ length: 64 }, (_, pixel) => Math.sin((label + 1) * pixel) + 0.5 * random.normal()),
  ).flat();
  return {
    inputs: { dtype: 'float32', shape: [count, 1, 8, 8], data: Float32Array.from(pixels) },
    labels: { dtype: 'int32', shape: [count], data: labels },
  };
}

function jobOn(device, layers) {
  return {
    network: resolveNetwork({ name: 'small', input: [1, 8, 8], layers }),
    optimizer: { kind: 'momentum', rate: 0.02, momentum: 0.9 },
    batchSize: 8,
    inputScale: 1,
    train: samples(200, 1),
    validation: samples(20, 2),
    test: samples(20, 3),
    threads: 1,
    device,
  };
}

/** A training at its beginning: about 60 % of the weights are left. */
function beginning(job, seed) {
  const random = stream(seed, 'masks');
  const parameters = initializeParameters(job.network, seed);
  const masks = {};
  for (const { name, shape, prunable } of job.network.parameters) {
    if (!prunable) continue;
    const { data } = parameters[name];
    masks[name] = { dtype: 'float32', shape, data: data.map(() => (random.uniform() < 0.6 ? 1 : 0)) };
    parameters[name] = {
      dtype: 'float32',
      shape,
      data: data.map((weight, index) => weight * masks[name].data[index]),
    };
  }
  const slots = slotNames(job.optimizer).flatMap((slot) =>
    job.network.parameters.map(({ name, shape }) => [
      `${slot}/${name}`,
      { dtype: 'float32', shape, data: new Float32Array(parameters[name].data.length) },
    ]),
  );
  const state = {
    step: 0,
    parameters,
    masks,
    slots: Object.fromEntries(slots),
    buffers: initialBuffers(job.network),
  };
  const batches = batchSource({ seed, samples: 200, batchSize: job.batchSize, rate: job.optimizer.rate });
  return { state, plan: batches(0, STEPS) };
}

function furthest(expected, found, relative) {
  let most = 0;
  expected.forEach((number, index) => {
    const apart = Math.abs(number - found[index]) / (relative ? Math.abs(number) : 1);
    most = Math.max(most, Number.isNaN(apart) ? Infinity : apart);
  });
  return most;
}

/** What keeps two trainings from being the same, if anything. */
function problemBetween(expected, found) {
  const losses = furthest(expected.losses, found.losses, true);
  if (losses > LOSS_TOLERANCE)
    return `losses differ by ${losses} of their size, allowed is ${LOSS_TOLERANCE}`;
  for (const [name, { data }] of Object.entries(expected.state.parameters)) {
    const weights = furthest(data, found.state.parameters[name].data, false);
    if (weights > WEIGHT_TOLERANCE) return `${name} differs by ${weights}, allowed is ${WEIGHT_TOLERANCE}`;
  }
  return undefined;
}

const say = (rule, problem) => console.log(JSON.stringify({ rule, ...(problem ? { problem } : {}) }));

for (const [name, layers] of Object.entries(networks)) {
  const [cpu, gpu] = await Promise.all(
    ['cpu', 'webgpu'].map((device) => onnxEngine.compile(jobOn(device, layers))),
  );
  const trainings = [1, 2].map((seed) => beginning(jobOn('cpu', layers), seed));
  const expected = [];
  for (const { state, plan } of trainings) expected.push(await cpu.run(state, plan));
  const [{ state, plan }] = trainings;
  say(
    `${name}: ${STEPS} steps on webgpu are those of the cpu`,
    problemBetween(expected[0], await gpu.run(state, plan)),
  );
  const together = await gpu.runTogether(trainings);
  say(
    `${name}: two trainings together on webgpu are each that of the cpu`,
    expected.map((alone, index) => problemBetween(alone, together[index])).find(Boolean),
  );
  await cpu.dispose();
  await gpu.dispose();
}
// The provider's own threads may outlive its sessions.
process.exit(0);
