import type { Tensors } from '@winning-tickets/onnx';
import { arrayTypes, tensor } from '@winning-tickets/onnx';
import * as tf from '@tensorflow/tfjs-core';
import type { Evaluation, Samples, TrainingJob } from '../../engine.js';
import type { Labels } from '@winning-tickets/ticket';
import { agreement } from '@winning-tickets/ticket';
import { batchFeeds } from './batch-feeds.js';
import { fetched } from './device-dtype.js';
import { heldAll, keptOnDevice } from './device-tensors.js';
import type { Walk } from './walk.js';

/** Samples per batch: as many as keep the activations of a convolutional network below some hundred megabytes. */
const EVALUATION_BATCH = 250;

/**
 * Mean loss and predictions over a set of samples.
 *
 * @param batch the walk of `evaluationStep`.
 * @param values parameters and buffers by their names.
 */
export function evaluateSamples(
  job: Pick<TrainingJob, 'network' | 'inputScale'>,
  batch: Walk,
  values: Tensors,
  samples: Samples,
): Evaluation {
  const { network } = job;
  const { labels } = samples;
  const [count = 0] = labels.shape;
  const [classes = 0] = network.outputShape;
  const buffers = new Set(network.buffers.map(({ name }) => name));
  const tensors = keptOnDevice(
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `${buffers.has(name) ? 'buffer' : 'parameter'}/${name}`,
        value,
      ]),
    ),
  );
  const predicted = tensor(labels.dtype, labels.shape, new arrayTypes[labels.dtype](labels.data.length));
  let lossSum = 0;
  let filled = 0;
  for (let from = 0; from < count; from += EVALUATION_BATCH) {
    const size = Math.min(EVALUATION_BATCH, count - from);
    const rows = Int32Array.from({ length: size }, (_, index) => from + index);
    tf.tidy(() => {
      const { lossSum: sum, predicted: classesFound } = batch.run({
        ...tensors,
        ...heldAll(batchFeeds(samples, rows, job)),
      });
      if (!sum || !classesFound) throw new Error('the graph gave no loss or no predictions');
      lossSum += Number(fetched(sum, 'float32').data[0]);
      const { data } = fetched(classesFound, labels.dtype) as Labels;
      predicted.data.set(data, filled);
      filled += data.length;
    });
  }
  tf.dispose(Object.values(tensors));
  return { loss: lossSum / count, ...agreement(predicted, labels, classes) };
}
