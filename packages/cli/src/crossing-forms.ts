import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Crossover } from '@winning-tickets/bench';
import type { EncodingOptions } from '@winning-tickets/export';
import { calibrateSubnetwork, encodeSubnetwork } from '@winning-tickets/export';
import { tensor } from '@winning-tickets/onnx';
import { stream } from '@winning-tickets/train';
import { withRuntime } from './runtime.js';
import type { Pruned, SyntheticNetwork } from './synthetic-layer.js';
import { maskedLayer } from './synthetic-layer.js';

/** What a pruned layer can be written as, and what of it is pruned for that. */
export interface Form {
  readonly name: string;
  readonly encoding: string;
  readonly pruned: Pruned;
  /** Of the encoding, where not its defaults. */
  readonly options?: EncodingOptions;
  /** Whether it lists the inputs of each unit, and makes a copy of an input for every weight of every sample. */
  readonly lists?: boolean;
}

const forms: readonly Form[] = [
  { name: 'dense with zeros', encoding: 'dense', pruned: 'weights' },
  { name: 'gather', encoding: 'gather', pruned: 'weights', lists: true },
  { name: 'gather-transposed', encoding: 'gather-transposed', pruned: 'weights', lists: true },
  { name: 'compact', encoding: 'compact', pruned: 'weights' },
  { name: 'fp16', encoding: 'fp16', pruned: 'weights', options: { of: 'dense' } },
  { name: 'compact, whole units', encoding: 'compact', pruned: 'units' },
  { name: 'int8', encoding: 'int8', pruned: 'weights', options: { of: 'dense' } },
];

/** Width and density of a layer. */
export type CrossoverPoint = Pick<Crossover['cells'][number], 'width' | 'density'>;

// Beyond it a form is so slow, and so large, that nothing is learnt from waiting.
const MOST_COPIED_BYTES = 2 ** 28;

/** The forms in which a layer is measured at a batch size. */
export function formsAt({ width, density }: CrossoverPoint, batch: number): readonly Form[] {
  // Where lists are longer than half of the inputs, their encodings write the compact form instead. Of random masks the longest
  // list is within four standard deviations.
  const longest = width * density + 4 * Math.sqrt(width * density * (1 - density));
  const isListed = longest <= width / 2 && 4 * batch * density * width ** 2 <= MOST_COPIED_BYTES;
  return forms.filter(({ lists = false }) => !lists || isListed);
}

/** Samples that ranges of activations are measured on: like those that models are timed on, uniform in [0, 1). */
const CALIBRATION_SAMPLES = 128;

/** The file of a layer that is not pruned. */
export async function writeUnpruned(folder: string, whole: SyntheticNetwork): Promise<string> {
  const file = join(folder, 'unpruned.onnx');
  await writeFile(file, encodeSubnetwork(maskedLayer(whole, 1, 'weights', 0), 'dense'));
  return file;
}

/**
 * Writes a layer with masks drawn from a seed, in each form that is measured at some of the batch sizes.
 *
 * @returns the file of each form
 */
export async function writeForms(
  folder: string,
  whole: SyntheticNetwork,
  density: number,
  batches: readonly number[],
  seed: number,
): Promise<ReadonlyMap<Form, string>> {
  const { width } = whole;
  const layers = {
    weights: maskedLayer(whole, density, 'weights', seed),
    units: maskedLayer(whole, density, 'units', seed),
  };
  const wanted = new Set(batches.flatMap((batch) => formsAt({ width, density }, batch)));
  const files = new Map<Form, string>();
  for (const form of wanted) {
    const { encoding, options = {} } = form;
    const layer = layers[form.pruned];
    const ranges = await withRuntime((run) =>
      calibrateSubnetwork(layer, encoding, options, [noise(width, seed)], run),
    );
    const file = join(folder, `${form.name.replaceAll(/\W+/g, '-')}.onnx`);
    await writeFile(file, encodeSubnetwork(layer, encoding, options, ranges));
    files.set(form, file);
  }
  return files;
}

function noise(width: number, seed: number) {
  const random = stream(seed, 'calibration', width);
  const data = Float32Array.from({ length: CALIBRATION_SAMPLES * width }, () => random.uniform());
  return { input: tensor('float32', [CALIBRATION_SAMPLES, width], data) };
}
