import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { arrayTypes, sizeOf, tensor, zeros } from '@winning-tickets/onnx';
import type { Samples, TrainingJob } from '../../engine.js';
import { firstWeights } from '../onnx/input.js';
import { columnBatches } from '../onnx/sparse-batches.js';

/** What of a job says how its samples enter the network. */
type FeedJob = Pick<TrainingJob, 'network' | 'inputScale'>;

/**
 * One batch as the graphs of a step take it: `input`, as indices or as scaled float32, and `labels`. Of sparse samples whose network begins with dense
 * weights the batch has the columns alone that hold values, and `columns` says which.
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
    return { ...common, input: scaled(writtenOut(inputs, rows), inputScale) };
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

/** Rows of a tensor of numbers, in the dtype given. */
function rowsOf<D extends 'float32' | 'int32' | 'uint8'>(
  { shape, data }: Tensor,
  rows: Int32Array,
  dtype: D,
): Tensor<D> {
  const [, ...sizes] = shape;
  const width = sizeOf(sizes);
  const picked = new arrayTypes[dtype](rows.length * width);
  rows.forEach((row, place) => {
    picked.set((data as Uint8Array).subarray(row * width, (row + 1) * width), place * width);
  });
  return tensor(dtype, [rows.length, ...sizes], picked);
}

/** The values times a scale, in place. */
function scaled(values: Tensor<'float32'>, scale: number): Tensor<'float32'> {
  const { data } = values;
  const factor = Math.fround(scale);
  if (factor !== 1)
    for (let index = 0; index < data.length; index++) data[index] = (data[index] ?? 0) * factor;
  return values;
}

function writtenOut(
  { shape: [, width], offsets, indices, values }: SparseInputs,
  rows: Int32Array,
): Tensor<'float32'> {
  const dense = zeros('float32', [rows.length, width]);
  rows.forEach((row, place) => {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      dense.data[place * width + (indices[at] ?? 0)] = values[at] ?? 0;
    }
  });
  return dense;
}
