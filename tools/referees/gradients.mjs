// Lets the reference evaluator of the ONNX project judge gradients and training: writes graphs in double precision to a
// temporary folder and has gradients.py compare them with finite differences and with optimizers written out.
//
//   npm run build && PYTHON=.cache/venv/referees/bin/python node tools/referees/gradients.mjs
//
// Prints one JSON line per case, `{"case": ..., "maxError": ..., "ok": ...}`; exits 1 when one is not ok.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as onnx from '@winning-tickets/onnx';
import { forward, resolveNetwork } from '@winning-tickets/ticket';
import { stream } from '@winning-tickets/train';
import { trainingGraph } from '../../packages/train/dist/engines/onnx/training-graph.js';
import { crossEntropy } from '../../packages/train/dist/losses/cross-entropy.js';
import { updateRule } from '../../packages/train/dist/optimizers/rules.js';

const { GraphBuilder, gradients, sizeOf, tensor } = onnx;
const random = stream(1, 'referees', 'gradients');
const batch = 4;
const classes = 3;

/** Numbers from `min` to `max` in double precision. */
function uniform(shape, min = -1.5, max = 1.5) {
  return tensor(
    'float64',
    shape,
    Float64Array.from({ length: sizeOf(shape) }, () => min + (max - min) * random.uniform()),
  );
}

function labelsOf(count) {
  return tensor(
    'int32',
    [count],
    Int32Array.from({ length: count }, () => random.integer(classes)),
  );
}

/** 5-4-3 with an activation between the layers. */
function denseNetwork(activation) {
  const layers = [{ kind: 'dense', units: 4 }, { kind: activation }, { kind: 'dense', units: classes }];
  return resolveNetwork({ name: activation, input: [5], layers });
}

/**
 * A graph whose first output is a number and whose others are its gradients.
 *
 * @param build from the builder and the inputs by name to the number.
 * @param fixed inputs that are not differentiated.
 */
function gradientCase(name, wrt, build, fixed = {}) {
  const builder = new GraphBuilder('gradients');
  const inputs = { ...wrt, ...fixed };
  const values = Object.fromEntries(
    Object.entries(inputs).map(([key, { dtype, shape }]) => [key, builder.input(key, dtype, shape)]),
  );
  const loss = build(builder, values);
  const slopes = gradients(
    builder,
    loss,
    Object.keys(wrt).map((key) => values[key]),
  );
  builder.output(loss, 'loss');
  Object.keys(wrt).forEach((key, index) => builder.output(slopes[index], `gradient/${key}`));
  return { case: name, kind: 'gradients', graphs: { model: builder.build() }, inputs, wrt: Object.keys(wrt) };
}

/** One operator: the sum of its output's elements, each times a number of its own. */
function operatorCase(op, apply, ...tensors) {
  const wrt = Object.fromEntries(tensors.map((value, index) => [`x${index}`, value]));
  return gradientCase(`operator ${op}`, wrt, (builder, values) => {
    const y = apply(builder, ...tensors.map((_, index) => values[`x${index}`]));
    const weights = builder.constant(uniform(y.shape, 0.5, 2));
    return onnx.reduceSum(builder, onnx.mul(builder, y, weights));
  });
}

const positive = (shape) => uniform(shape, 0.3, 2);
const condition = tensor('bool', [2, 1], Uint8Array.of(1, 0));
const operatorCases = () => [
  operatorCase('Add', onnx.add, uniform([2, 3]), uniform([3])),
  operatorCase('Sub', onnx.sub, uniform([2, 1]), uniform([3])),
  operatorCase('Mul', onnx.mul, uniform([3]), uniform([2, 3])),
  operatorCase('Div', onnx.div, uniform([2, 3]), positive([2, 1])),
  operatorCase('Neg', onnx.neg, uniform([2, 3])),
  operatorCase('Exp', onnx.exp, uniform([2, 3])),
  operatorCase('Log', onnx.log, positive([2, 3])),
  operatorCase('Sqrt', onnx.sqrt, positive([2, 3])),
  operatorCase('Relu', onnx.relu, uniform([4, 3])),
  operatorCase('Sigmoid', onnx.sigmoid, uniform([2, 3])),
  operatorCase('Tanh', onnx.tanh, uniform([2, 3])),
  operatorCase('Identity', onnx.identity, uniform([2, 3])),
  operatorCase('Cast', (b, x) => onnx.cast(b, x, 'float64'), uniform([2, 3])),
  operatorCase('MatMul', onnx.matMul, uniform([2, 2, 3]), uniform([3, 2])),
  operatorCase(
    'Gemm',
    (b, x, y, c) => onnx.gemm(b, x, y, c, { alpha: 0.5, beta: 2, transA: true, transB: true }),
    uniform([3, 2]),
    uniform([4, 3]),
    uniform([2, 1]),
  ),
  operatorCase('ReduceSum', (b, x) => onnx.reduceSum(b, x, [1]), uniform([2, 3])),
  operatorCase('ReduceMean', (b, x) => onnx.reduceMean(b, x, [0], true), uniform([2, 3])),
  operatorCase('ReduceMax', (b, x) => onnx.reduceMax(b, x, [1]), uniform([2, 3])),
  operatorCase('Reshape', (b, x) => onnx.reshape(b, x, [3, -1]), uniform([2, 3])),
  operatorCase('Flatten', (b, x) => onnx.flatten(b, x, 2), uniform([2, 3, 2])),
  operatorCase('Transpose', (b, x) => onnx.transpose(b, x, [2, 0, 1]), uniform([2, 3, 2])),
  operatorCase('Concat', (b, x, y) => onnx.concat(b, [x, y, x], 1), uniform([2, 3]), uniform([2, 1])),
  operatorCase(
    'Split',
    // The part in the middle is in no use.
    (b, x) => {
      const [first, , last] = onnx.split(b, x, [2, 1, 2], 1);
      return onnx.mul(b, first, last);
    },
    uniform([3, 5]),
  ),
  operatorCase(
    'Expand',
    (b, x) => onnx.expand(b, x, b.constant(onnx.int64([2, 3])), [2, 3]),
    uniform([1, 3]),
  ),
  operatorCase(
    'Where',
    (b, x, y) => onnx.where(b, b.constant(condition), x, y),
    uniform([2, 3]),
    uniform([3]),
  ),
];

function crossEntropyCase() {
  return gradientCase(
    'cross-entropy',
    { logits: uniform([batch, classes], -4, 4) },
    (builder, { logits, labels }) => onnx.reduceMean(builder, crossEntropy(builder, logits, labels)),
    { labels: labelsOf(batch) },
  );
}

function parametersOf(network) {
  return Object.fromEntries(network.parameters.map(({ name, shape }) => [name, uniform(shape)]));
}

function networkLoss(network, builder, { input, labels, ...parameters }) {
  return onnx.reduceMean(
    builder,
    crossEntropy(builder, forward(builder, network, input, parameters), labels),
  );
}

function networkCase(network) {
  const fixed = { input: uniform([batch, 5]), labels: labelsOf(batch) };
  const build = (builder, values) => networkLoss(network, builder, values);
  return gradientCase(`network with ${network.spec.name}`, parametersOf(network), build, fixed);
}

/** The derivative of the loss along a direction, and its gradient: a product with the Hessian. */
function hessianCase(network) {
  const directions = network.parameters.map(({ shape }) => uniform(shape));
  const fixed = { input: uniform([batch, 5]), labels: labelsOf(batch) };
  const build = (builder, values) => {
    const weights = network.parameters.map(({ name }) => values[name]);
    return gradients(builder, networkLoss(network, builder, values), weights)
      .map((slope, index) =>
        onnx.reduceSum(builder, onnx.mul(builder, slope, builder.constant(directions[index]))),
      )
      .reduce((sum, part) => onnx.add(builder, sum, part));
  };
  const name = `second derivatives of the network with ${network.spec.name}`;
  return gradientCase(name, parametersOf(network), build, fixed);
}

/** The whole training loop, and the graph of one batch's loss from which the referee works out the same by itself. */
function trainingCase(optimizer) {
  const network = denseNetwork('tanh');
  const steps = 3;
  const samples = 9;
  const inputScale = 1 / 255;
  const pixels = Uint8Array.from({ length: samples * 5 }, () => random.integer(256));
  const train = { inputs: tensor('uint8', [samples, 5], pixels), labels: labelsOf(samples) };
  const job = { network, optimizer, batchSize: batch, inputScale, train };
  const rule = updateRule(optimizer);
  const stepSizes = Array.from({ length: steps }, (_, step) => rule.stepSize(optimizer.rate, step + 1));
  const indices = Int32Array.from({ length: steps * batch }, () => random.integer(samples));
  const masks = Object.fromEntries(
    network.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => {
        const kept = Float64Array.from({ length: sizeOf(shape) }, () => (random.uniform() < 0.7 ? 1 : 0));
        return [name, tensor('float64', shape, kept)];
      }),
  );
  const parameters = Object.fromEntries(
    Object.entries(parametersOf(network)).map(([name, value]) => {
      const mask = masks[name];
      return [name, mask ? { ...value, data: value.data.map((x, index) => x * mask.data[index]) } : value];
    }),
  );
  const slots = network.parameters.flatMap(({ name, shape }) =>
    rule.slots.map((slot) => [`${slot}/${name}`, onnx.zeros('float64', shape)]),
  );
  return {
    case: `training with ${optimizer.kind}`,
    kind: 'training',
    graphs: { model: trainingGraph(job, 'float64'), loss: lossGraph(network) },
    inputs: {
      'data.inputs': train.inputs,
      'data.labels': train.labels,
      indices: tensor('int32', [steps, batch], indices),
      stepSizes: tensor('float64', [steps], Float64Array.from(stepSizes)),
      trips: onnx.int64([steps], []),
      ...prefixed('mask/', masks),
      ...prefixed('parameter/', parameters),
      ...Object.fromEntries(slots),
    },
    optimizer,
    inputScale,
    parameters: Object.keys(parameters),
  };
}

function lossGraph(network) {
  const builder = new GraphBuilder('loss');
  const values = {
    input: builder.input('input', 'float64', ['batch', 5]),
    labels: builder.input('labels', 'int32', ['batch']),
    ...Object.fromEntries(
      network.parameters.map(({ name, shape }) => [name, builder.input(name, 'float64', shape)]),
    ),
  };
  builder.output(networkLoss(network, builder, values), 'loss');
  return builder.build();
}

function prefixed(prefix, values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function write(folder, { graphs, inputs, ...rest }, index) {
  const files = Object.entries(graphs).map(([role, graph]) => {
    const file = `${index}-${role}.onnx`;
    const producer = { name: 'winning-tickets', version: '' };
    const model = { graph, metadata: {}, producer, opset: onnx.OPSET, irVersion: onnx.IR_VERSION };
    writeFileSync(join(folder, file), onnx.encodeModel(model));
    return [role, file];
  });
  const plain = Object.entries(inputs).map(([name, value]) => {
    return [name, { dtype: value.dtype, shape: value.shape, values: onnx.numbersOf(value) }];
  });
  return { ...rest, graphs: Object.fromEntries(files), inputs: Object.fromEntries(plain) };
}

const activations = ['relu', 'sigmoid', 'tanh'];
const cases = [
  ...operatorCases(),
  crossEntropyCase(),
  ...activations.map((activation) => networkCase(denseNetwork(activation))),
  ...activations.map((activation) => hessianCase(denseNetwork(activation))),
  trainingCase({ kind: 'sgd', rate: 0.3 }),
  trainingCase({ kind: 'momentum', rate: 0.1, momentum: 0.9 }),
  trainingCase({ kind: 'adam', rate: 0.05, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
];

const folder = mkdtempSync(join(tmpdir(), 'gradients-'));
try {
  writeFileSync(
    join(folder, 'cases.json'),
    JSON.stringify(cases.map((each, index) => write(folder, each, index))),
  );
  const script = join(import.meta.dirname, 'gradients.py');
  const { status, error } = spawnSync(process.env.PYTHON ?? 'python3', [script, folder], {
    stdio: 'inherit',
  });
  if (error)
    console.error(
      `Python could not be started: ${error.message}; name one in the environment variable PYTHON.`,
    );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
