// Every network that has a name, exported in every encoding: with drawn weights and masks, because what the referees ask of
// a graph does not depend on training, and the larger networks would take minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrate, encodingsFor, exportBytes, exportTicket, feedsOf } from '@winning-tickets/export';
import { encodeModel, sizeOf, tensor } from '@winning-tickets/onnx';
import {
  decodeTicket,
  encodeTicket,
  namedNetwork,
  networkNames,
  resolveNetwork,
} from '@winning-tickets/ticket';
import { initializeParameters, initialBuffers, openModel, randomMask, stream } from '@winning-tickets/train';

const SEED = 1;
const SAMPLES = 2;
const CLASSES = 10;
const DENSITY = 0.1;

/** What survives is made larger by this, so that logits come out near 1 behind any number of layers with ReLU. */
const GAIN = Math.sqrt(2 / DENSITY);

/** Words that samples of sequences are drawn from. */
const VOCABULARY = 50;

/** What networks take: images, small ones, since size makes no other graph; sequences of words, or bags of them. */
const takes = [
  { input: [16, 16], vocabulary: undefined },
  { input: [12], vocabulary: VOCABULARY },
  { input: [60], vocabulary: undefined },
];

/** Share of the words that a drawn bag has. */
const WORDS_IN_BAG = 0.2;

/**
 * @param {string} folder for all files; made if need be.
 * @param {(name: string) => boolean} wanted which networks.
 * @returns {Promise<{file: string, samples: string}[]>} models with the logits that the runtime gives for the dense one.
 */
export async function exportNamedNetworks(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  const models = [];
  for (const name of networkNames().filter(wanted)) models.push(...(await exportsOf(name, folder)));
  return models;
}

async function exportsOf(name, folder) {
  const network = networkNamed(name);
  const ticket = drawn(network);
  const { stored, logits } = await samplesOf(network, exportBytes(ticket, 'dense'));
  const models = [];
  for (const encoding of encodingsFor(ticket)) {
    for (const choice of choicesOf(encoding, encodingsFor(ticket))) {
      const model = await exportedOr(ticket, encoding.name, choice, stored);
      if (!model) continue;
      const stem = join(folder, [name, encoding.name, ...Object.entries(choice).map(written)].join('-'));
      const feeds = feedsFor(network, stored, model.metadata);
      const bytes = encodeModel(model);
      writeFileSync(`${stem}.onnx`, bytes);
      const expected = isExact(encoding) ? logits : (await ran(bytes, feeds)).logits;
      const sample = {
        inputs: asJson(feeds),
        ...asJson({ logits: expected }),
        tolerance: toleranceOf(encoding),
      };
      writeFileSync(`${stem}.json`, JSON.stringify(sample));
      models.push({ file: `${stem}.onnx`, samples: `${stem}.json` });
    }
  }
  return models;
}

const written = ([option, value]) => (value === true ? option : `${option}-${value}`);

/** What rounds differs from the trained network; the referees compare it with itself in the runtime. */
export const isExact = ({ accuracyTolerance }) => accuracyTolerance === undefined;

/**
 * How far a logit may be from the runtime's, relative to the largest. The runtime computes fp16 in float32 and int8 in
 * integers, and where it rounds the other way at a boundary, an activation is one step of its scale off.
 */
export const toleranceOf = ({ name }) => ({ fp16: 5e-3, int8: 2e-2 })[name] ?? 1e-4;

/** As an encoding is by default, and with each switch turned over; of one that rounds, every encoding that can be rounded. */
export function choicesOf({ options }, fitting) {
  if (options.of) {
    const names = fitting.map(({ name }) => name);
    return ['dense', 'compact', 'bag', 'shared-bag'].filter((of) => names.includes(of)).map((of) => ({ of }));
  }
  return [{}, ...Object.keys(options).map((option) => ({ [option]: !options[option].default }))];
}

/** Nothing where a network meets its input in its shape, so that there is no list of live inputs to take. */
async function exportedOr(ticket, encoding, options, inputs) {
  const run = async (bytes) => (await openModel(bytes, { threads: 1 })).run;
  try {
    const ranges = await calibrate({ ticket, encoding, options, inputs, run });
    return exportTicket(ticket, encoding, options, ranges);
  } catch (error) {
    if (options.liveInputs) return undefined;
    throw error;
  }
}

/** Samples as a model takes them. */
function feedsFor({ inputShape }, stored, metadata) {
  const live = metadata['tickets.liveInputs'];
  return feedsOf(stored, 0, SAMPLES, {
    form: metadata['tickets.inputForm'] ?? 'dense',
    inputShape,
    inputScale: 1,
    liveInputs: live === undefined ? undefined : JSON.parse(live),
  });
}

/** The network over the first kind of input that it takes. */
function networkNamed(name) {
  const problems = [];
  for (const { input, vocabulary } of takes) {
    try {
      return resolveNetwork(namedNetwork(name, input, CLASSES, vocabulary));
    } catch (error) {
      problems.push(error.message);
    }
  }
  throw new Error(`no input here suits the network ${name}: ${problems.join('; ')}`);
}

function drawn(network) {
  const initial = initializeParameters(network, SEED, 'referees');
  const masks = Object.fromEntries(
    network.parameters
      .filter(({ prunable }) => prunable)
      .map(({ name, shape }) => {
        const count = Math.max(1, Math.round(sizeOf(shape) * DENSITY));
        return [name, randomMask(shape, count, stream(SEED, 'referees', 'mask', name))];
      }),
  );
  const masked = Object.fromEntries(
    Object.entries(initial).map(([name, { shape, data }]) => [
      name,
      tensor(
        'float32',
        shape,
        data.map((value, index) => (masks[name] ? GAIN * value * masks[name].data[index] : value)),
      ),
    ]),
  );
  const values = { ...masked, ...initialBuffers(network) };
  const survivors = Object.values(masks).reduce((sum, { data }) => sum + data.reduce((a, b) => a + b, 0), 0);
  const total = Object.values(masks).reduce((sum, { data }) => sum + data.length, 0);
  const measured = { iteration: 0, validationLoss: 0, validationAccuracy: 0, testLoss: 0, testAccuracy: 0 };
  const { bytes } = encodeTicket({
    metadata: {
      format: 'winning-tickets/1',
      network: network.spec,
      dataset: {
        id: 'drawn',
        checksum: 'none',
        classNames: Array.from({ length: CLASSES }, (_, index) => String(index)),
        inputShape: network.inputShape,
        inputScale: 1,
        split: { seed: 0, train: 0, validation: 0, test: 0 },
      },
      experiment: {},
      trial: 1,
      branch: 'iterative',
      level: 1,
      seed: SEED,
      density: survivors / total,
      metrics: { best: measured, end: measured },
      software: {},
    },
    initial,
    masks,
    trained: values,
    best: values,
  });
  return decodeTicket(bytes, `the drawn ticket of ${network.spec.name}`);
}

async function samplesOf(network, dense) {
  const random = stream(SEED, 'referees', 'samples', network.spec.name);
  const shape = [SAMPLES, ...network.inputShape];
  const isWords = network.inputDType === 'int32';
  const isBag = !isWords && network.inputShape.length === 1;
  const drawOne = () => {
    if (isWords) return random.integer(VOCABULARY);
    return isBag && random.uniform() >= WORDS_IN_BAG ? 0 : random.normal();
  };
  const data = Array.from({ length: sizeOf(shape) }, drawOne);
  const input = isWords
    ? tensor('int32', shape, Int32Array.from(data))
    : tensor('float32', shape, Float32Array.from(data));
  const { logits } = await ran(dense, { input });
  return { stored: { shape, data: input.data }, logits };
}

/** What the runtime makes of a model. */
export async function ran(bytes, feeds) {
  const session = await openModel(bytes, { threads: 1 });
  const outputs = await session.run(feeds);
  await session.dispose();
  return outputs;
}

const asJson = (tensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, values: [...data] },
    ]),
  );
