// Every network that has a name, exported in every encoding: with drawn weights and masks, because what the referees
// ask of a graph does not depend on training, and the larger networks would take minutes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodingNames, exportBytes } from '@winning-tickets/export';
import { sizeOf, tensor } from '@winning-tickets/onnx';
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

/** What the networks take: words as long as a network over words asks for, images otherwise. */
const image = { inputs: [[28, 28]], vocabulary: undefined };
const words = { inputs: [[12]], vocabulary: 50 };

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
  const network = resolveNetwork(specOf(name));
  const ticket = drawn(network);
  const made = encodingNames().map((encoding) => ({ encoding, bytes: exportBytes(ticket, encoding) }));
  const samples = join(folder, `${name}.json`);
  const dense = made.find(({ encoding }) => encoding === 'dense');
  writeFileSync(samples, JSON.stringify(await samplesOf(network, dense.bytes)));
  return made.map(({ encoding, bytes }) => {
    const file = join(folder, `${name}-${encoding}.onnx`);
    writeFileSync(file, bytes);
    return { file, samples };
  });
}

function specOf(name) {
  try {
    return namedNetwork(name, image.inputs[0], CLASSES);
  } catch (error) {
    if (!/words|vocabulary/.test(error.message)) throw error;
    return namedNetwork(name, words.inputs[0], CLASSES, words.vocabulary);
  }
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
  const drawOne = () => (isWords ? random.integer(words.vocabulary) : random.normal());
  const data = Array.from({ length: sizeOf(shape) }, drawOne);
  const input = isWords
    ? tensor('int32', shape, Int32Array.from(data))
    : tensor('float32', shape, Float32Array.from(data));
  const session = await openModel(dense, { threads: 1 });
  const { logits } = await session.run({ input });
  await session.dispose();
  return { input: asJson(input), logits: asJson(logits) };
}

const asJson = ({ dtype, shape, data }) => ({ dtype, shape, values: [...data] });
