import type { Graph } from '@winning-tickets/onnx';
import { gather, GraphBuilder, loop, reduceSum } from '@winning-tickets/onnx';
import { forward, tensorsOf } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { predictions, sampleLosses } from '../../losses/sample-losses.js';
import { batchInput, firstWeights } from './input.js';

/**
 * Loss and predictions over a set of samples, batch by batch, so that memory stays flat.
 *
 * Inputs: those of `batchInput`, over `[batches, batch]`, `trips` int64 (number of batches), `parameter/<p>` for each
 * parameter and buffer.
 * Outputs: per batch the sum of the losses (`lossSums` float32 `[batches]`), to be added up in double precision by the
 * caller, and what is `predicted` (see `predictions`), with the batches as its first axis.
 */
export function evaluationGraph(job: Pick<TrainingJob, 'network' | 'train' | 'inputScale'>): Graph {
  const builder = new GraphBuilder('evaluation');
  const batchAt = batchInput(builder, job, ['batches', 'batch']);
  const trips = builder.input('trips', 'int64', []);
  const parameters = Object.fromEntries(
    tensorsOf(job.network).map(({ name, shape }) => [
      name,
      builder.input(`parameter/${name}`, 'float32', shape),
    ]),
  );
  const first = firstWeights(job.network) ?? '';
  const { scans } = loop(builder, trips, [], (body, step) => {
    const { input, labels, columns } = batchAt(body, step);
    const weights = columns && parameters[first];
    const needed = weights ? { ...parameters, [first]: gather(body, weights, columns) } : parameters;
    const logits = forward(body, job.network, input, needed);
    const lossSum = reduceSum(body, sampleLosses(body, logits, labels));
    return { states: [], scans: [lossSum, predictions(body, logits, labels)] };
  });
  ['lossSums', 'predicted'].forEach((name, index) => {
    const scan = scans[index];
    if (scan) builder.output(scan, name);
  });
  return builder.build();
}
