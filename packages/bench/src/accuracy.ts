import type { InferenceSession } from 'onnxruntime-node';
import type { TestSamples } from './inputs.js';
import { testBatch } from './inputs.js';
import type { ModelFile, ModelInput } from './model-file.js';
import { sampleSize } from './model-file.js';

const BATCH = 250;

/** Of bags fewer: a model holds a row of weights for each word of each. */
const BAGS = 32;

/** A batch of samples has no more values than this, unless one sample has. */
const MOST_VALUES = 2 ** 24;

/**
 * Share of the whole test split that a model classifies correctly: the largest logit is the answer, the first of
 * equal ones.
 *
 * The scores are read from the output `logits`, or from the first output where there is none of this name:
 * float32 `[batch, classes]`.
 *
 * @param signal aborts between batches.
 * @throws Error when the output has another dtype or shape, naming the file.
 */
export async function testAccuracy(
  session: InferenceSession,
  { file, input }: ModelFile,
  samples: TestSamples,
  signal?: AbortSignal,
): Promise<{ accuracy: number; samples: number }> {
  const labels = samples.dataset.test.labels.data;
  const batch = input.fixedBatch ?? Math.min(batchSize(input), labels.length);
  const output = session.outputNames.includes('logits') ? 'logits' : (session.outputNames[0] ?? '');
  let correct = 0;
  for (let start = 0; start < labels.length; start += batch) {
    signal?.throwIfAborted();
    const rows = Array.from({ length: Math.min(batch, labels.length - start) }, (_, i) => start + i);
    const results = await session.run(testBatch(input, samples, rows, batch), [output]);
    const scores = results[output];
    if (!(scores?.data instanceof Float32Array) || scores.dims.length !== 2 || scores.dims[0] !== batch) {
      throw new Error(
        `${file}: output '${output}' must be float32 [batch, classes], ` +
          `found ${scores?.type ?? 'nothing'} [${scores?.dims.join(', ') ?? ''}].`,
      );
    }
    const { data } = scores;
    const classes = data.length / batch;
    correct += rows.filter((row, i) => indexOfLargest(data, i * classes, classes) === labels[row]).length;
  }
  return { accuracy: correct / labels.length, samples: labels.length };
}

function batchSize(input: ModelInput): number {
  if (!('sampleShape' in input)) return BAGS;
  return Math.min(BATCH, Math.max(1, Math.floor(MOST_VALUES / sampleSize(input))));
}

function indexOfLargest(values: Float32Array, start: number, count: number): number {
  let largest = 0;
  for (let i = 1; i < count; i++) {
    if ((values[start + i] ?? -Infinity) > (values[start + largest] ?? -Infinity)) largest = i;
  }
  return largest;
}
