import type { ImageDataset } from '@winning-tickets/datasets';
import { Tensor } from 'onnxruntime-node';
import type { ModelData, ModelInput } from './model-file.js';
import { sampleSize } from './model-file.js';
import type { RandomStream } from './random.js';

/** Test samples as one model takes them: scaled, and only its live inputs where it takes just those. */
export interface TestSamples {
  readonly dataset: ImageDataset;
  readonly data: ModelData;
}

/**
 * The batch of a model's inputs that some test samples make, float32 `[batch, ...sampleShape]`.
 *
 * @param rows indices of test samples; with fewer of them than `batch`, the rest of the batch stays zero.
 */
export function testBatch(
  input: ModelInput,
  { dataset, data }: TestSamples,
  rows: readonly number[],
  batch: number,
): Tensor {
  const size = sampleSize(input);
  const stored = dataset.test.inputs.data;
  const storedSize = sizeOfStored(dataset);
  const values = new Float32Array(batch * size);
  rows.forEach((row, place) => {
    for (let i = 0; i < size; i++) {
      const index = row * storedSize + (data.liveInputs ? (data.liveInputs[i] ?? 0) : i);
      values[place * size + i] = (stored[index] ?? 0) * data.inputScale;
    }
  });
  return new Tensor('float32', values, [batch, ...input.sampleShape]);
}

/** A batch of seeded uniform noise in [0, 1), float32 `[batch, ...sampleShape]`. */
export function noiseBatch(input: ModelInput, batch: number, random: RandomStream): Tensor {
  const values = Float32Array.from({ length: batch * sampleSize(input) }, () => random.uniform());
  return new Tensor('float32', values, [batch, ...input.sampleShape]);
}

/** A batch of test samples that are drawn from the whole test split, each draw independent. */
export function drawnTestBatch(
  input: ModelInput,
  samples: TestSamples,
  batch: number,
  random: RandomStream,
): Tensor {
  const count = samples.dataset.test.labels.data.length;
  const rows = Array.from({ length: batch }, () => random.integer(count));
  return testBatch(input, samples, rows, batch);
}

/**
 * In one sentence why a data set's samples do not fit a model; undefined when they do.
 */
export function misfit(input: ModelInput, { dataset, data }: TestSamples): string | undefined {
  if (dataset.checksum !== data.checksum) {
    return (
      `the model is for ${data.dataset} with checksum ${data.checksum.slice(0, 12)}, ` +
      `the data found has ${dataset.checksum.slice(0, 12)}`
    );
  }
  const stored = sizeOfStored(dataset);
  const taken = data.liveInputs?.length ?? stored;
  if (taken !== sampleSize(input)) {
    return `the model takes ${sampleSize(input)} values a sample, its metadata and data set make ${taken}`;
  }
  if (data.liveInputs?.some((index) => index >= stored)) {
    return `the model's tickets.liveInputs reach beyond the ${stored} values of a sample`;
  }
  return undefined;
}

function sizeOfStored(dataset: ImageDataset): number {
  return dataset.inputShape.reduce((product, size) => product * size, 1);
}
