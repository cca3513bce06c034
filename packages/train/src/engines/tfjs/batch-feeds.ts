import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor, Tensors } from '@winning-tickets/onnx';
import { arrayTypes, sizeOf, tensor, zeros } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Samples } from '../../engine.js';
import { firstWeights } from '../onnx/input.js';
import { columnBatches } from '../onnx/sparse-batches.js';

/**
 * One batch as the graphs of a step take it: `input` and `labels`. Of sparse samples whose network begins with dense
 * weights the batch has the columns alone that hold values, and `columns` says which.
 *
 * Picked here and not in the graph, since the data set then need not lie on the device, where bytes would take four times
 * their room.
 *
 * @param rows which samples.
 */
export function batchFeeds(samples: Samples, rows: Int32Array, network: Network): Tensors {
  const { inputs, labels } = samples;
  const common = { labels: rowsOf(labels, rows) };
  if (!('offsets' in inputs)) return { ...common, input: rowsOf(inputs, rows) };
  if (firstWeights(network) === undefined) return { ...common, input: writtenOut(inputs, rows) };
  const indices = tensor('int32', [1, rows.length], rows);
  const { columns, places, values } = columnBatches(inputs, indices);
  const [, width = 0] = columns.shape;
  const input = zeros('float32', [rows.length, width]);
  places.data.forEach((place, index) => {
    input.data[place] = (input.data[place] ?? 0) + (values.data[index] ?? 0);
  });
  return { ...common, input, columns: tensor('int32', [width], columns.data) };
}

function rowsOf({ dtype, shape, data }: Tensor, rows: Int32Array): Tensor {
  const [, ...sizes] = shape;
  const width = sizeOf(sizes);
  const picked = new arrayTypes[dtype](rows.length * width) as Uint8Array;
  rows.forEach((row, place) => {
    picked.set((data as Uint8Array).subarray(row * width, (row + 1) * width), place * width);
  });
  return tensor(dtype, [rows.length, ...sizes], picked);
}

function writtenOut({ shape: [, width], offsets, indices, values }: SparseInputs, rows: Int32Array): Tensor {
  const dense = zeros('float32', [rows.length, width]);
  rows.forEach((row, place) => {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      dense.data[place * width + (indices[at] ?? 0)] = values[at] ?? 0;
    }
  });
  return dense;
}
