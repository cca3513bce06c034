import type { Samples } from '@winning-tickets/datasets';
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
 * equal ones; where samples have sets of classes, those with logits above 0 are, and the whole set must be right.
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
  const { labels } = samples.dataset.test;
  const [count = 0] = labels.shape;
  const batch = input.fixedBatch ?? Math.min(batchSize(input), count);
  const output = session.outputNames.includes('logits') ? 'logits' : (session.outputNames[0] ?? '');
  let correct = 0;
  for (let start = 0; start < count; start += batch) {
    signal?.throwIfAborted();
    const rows = Array.from({ length: Math.min(batch, count - start) }, (_, i) => start + i);
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
    correct += rows.filter((row, i) =>
      isRight(data.subarray(i * classes, (i + 1) * classes), labels, row),
    ).length;
  }
  return { accuracy: correct / count, samples: count };
}

function batchSize(input: ModelInput): number {
  if (!('sampleShape' in input)) return BAGS;
  return Math.min(BATCH, Math.max(1, Math.floor(MOST_VALUES / sampleSize(input))));
}

// Of a set of classes, those whose scores are above 0 must be all of the sample's and no other.
function isRight(scores: Float32Array, { dtype, data }: Samples['labels'], row: number): boolean {
  if (dtype === 'int32') return indexOfLargest(scores) === data[row];
  return scores.every((score, index) => score > 0 === (data[row * scores.length + index] === 1));
}

function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}
