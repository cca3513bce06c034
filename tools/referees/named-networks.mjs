// Every network that has a name, exported in every encoding that does not round: with drawn weights and masks, because what the referees ask of
// a graph does not depend on training, and the larger networks would take minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodingsFor, exportBytes, exportTicket, feedsOf } from '@winning-tickets/export';
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

/** What networks take: images, sequences of words, or bags of them. */
const takes = [
  { input: [28, 28], vocabulary: undefined },
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
  for (const { name: encoding, options } of encodingsFor(ticket).filter(isExact)) {
    // As it is by default, and with each switch turned over.
    for (const choice of [
      {},
      ...Object.keys(options).map((option) => ({ [option]: !options[option].default })),
    ]) {
      const model = exportedOr(ticket, encoding, choice);
      if (!model) continue;
      const stem = join(folder, [name, encoding, ...Object.keys(choice)].join('-'));
      const inputs = asJson(feedsFor(network, stored, model.metadata));
      writeFileSync(`${stem}.onnx`, encodeModel(model));
      writeFileSync(`${stem}.json`, JSON.stringify({ inputs, ...asJson({ logits }) }));
      models.push({ file: `${stem}.onnx`, samples: `${stem}.json` });
    }
  }
  return models;
}

/** What rounds differs by more than a referee allows between runtimes; it is proved on the test set. */
export const isExact = ({ accuracyTolerance }) => accuracyTolerance === undefined;

/** Nothing where a network meets its input in its shape, so that there is no list of live inputs to take. */
function exportedOr(ticket, encoding, options) {
  try {
    return exportTicket(ticket, encoding, options);
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
  const session = await openModel(dense, { threads: 1 });
  const { logits } = await session.run({ input });
  await session.dispose();
  return { stored: { shape, data: input.data }, logits };
}

const asJson = (tensors) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype, shape, values: [...data] },
    ]),
  );
