import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { tensor, zeros } from '@winning-tickets/onnx';
import type { Samples, TrainingJob } from '../../engine.js';
import { rowsOf, rowsWrittenOut } from '../../sample-rows.js';
import { firstWeights } from '../onnx/input.js';
import { columnBatches } from '../onnx/sparse-batches.js';

/** What of a job says how its samples enter the network. */
type FeedJob = Pick<TrainingJob, 'network' | 'inputScale'>;

/**
 * One batch as the graphs of a step take it: `input`, as indices or as scaled float32, and `labels`. Of sparse samples whose
 * network begins with dense weights the batch has the columns alone that hold values, and `columns` says which.
 *
 * Picked and scaled here and not in the graph, since the data set then need not lie on the device, where bytes would take four
 * times their room. The products are those of the engine `onnx`, bit for bit.
 *
 * @param rows which samples.
 */
export function batchFeeds(samples: Samples, rows: Int32Array, { network, inputScale }: FeedJob): Tensors {
  const { inputs, labels } = samples;
  const common = { labels: rowsOf(labels, rows, labels.dtype) };
  if (!('offsets' in inputs)) {
    const isIndices = network.inputDType === 'int32';
    const input = isIndices
      ? rowsOf(inputs, rows, 'int32')
      : scaled(rowsOf(inputs, rows, 'float32'), inputScale);
    return { ...common, input };
  }
  if (firstWeights(network) === undefined) {
    return { ...common, input: scaled(rowsWrittenOut(inputs, rows), inputScale) };
  }
  const indices = tensor('int32', [1, rows.length], rows);
  const { columns, places, values } = columnBatches(inputs, indices);
  const [, width = 0] = columns.shape;
  const input = zeros('float32', [rows.length, width]);
  places.data.forEach((place, index) => {
    input.data[place] = (input.data[place] ?? 0) + (values.data[index] ?? 0);
  });
  return { ...common, input: scaled(input, inputScale), columns: tensor('int32', [width], columns.data) };
}

/** The values times a scale, in place. */
function scaled(values: Tensor<'float32'>, scale: number): Tensor<'float32'> {
  const { data } = values;
  const factor = Math.fround(scale);
  if (factor !== 1)
    for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) * factor;
  return values;
}
