import type { Graph } from '@winning-tickets/onnx';
import { argMax, cast, equal, gather, GraphBuilder, loop, reduceSum } from '@winning-tickets/onnx';
import { forward, tensorsOf } from '@winning-tickets/ticket';
import type { TrainingJob } from '../../engine.js';
import { crossEntropy } from '../../losses/cross-entropy.js';
import { batchOf, dataInputs } from './input.js';

/**
 * Loss and accuracy over a set of samples, batch by batch, so that memory stays flat.
 *
 * Inputs: `data.*`, `indices` `[batches, batch]` int32, `trips` int64 (number of batches), `parameter/<p>`
 * for each parameter and buffer.
 * Outputs: per batch the sum of the losses (`lossSums` float32) and the number of correct samples (`correct`
 * int32); adding them up in double precision is the caller's.
 */
export function evaluationGraph(job: Pick<TrainingJob, 'network' | 'train' | 'inputScale'>): Graph {
  const builder = new GraphBuilder('evaluation');
  const data = dataInputs(builder, job.train);
  const allIndices = builder.input('indices', 'int32', ['batches', 'batch']);
  const trips = builder.input('trips', 'int64', []);
  const parameters = Object.fromEntries(
    tensorsOf(job.network).map(({ name, shape }) => [
      name,
      builder.input(`parameter/${name}`, 'float32', shape),
    ]),
  );
  const { scans } = loop(builder, trips, [], (body, step) => {
    const batch = batchOf(body, data, gather(body, allIndices, step), job);
    const logits = forward(body, job.network, batch.input, parameters);
    const lossSum = reduceSum(body, crossEntropy(body, logits, batch.labels));
    const predicted = cast(body, argMax(body, logits, 1), 'int32');
    const correct = reduceSum(body, cast(body, equal(body, predicted, batch.labels), 'int32'));
    return { states: [], scans: [lossSum, correct] };
  });
  ['lossSums', 'correct'].forEach((name, index) => {
    const scan = scans[index];
    if (scan) builder.output(scan, name);
  });
  return builder.build();
}
