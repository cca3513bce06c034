import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor } from '@winning-tickets/onnx';
import { arrayTypes, sizeOf, tensor, zeros } from '@winning-tickets/onnx';

/** Some samples out of all, one after the other. */

/** Rows of a tensor of numbers, in the dtype given. */
export function rowsOf<D extends 'float32' | 'int32' | 'uint8'>(
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

/** Sparse rows with their zeros, `[rows, width]`. */
export function rowsWrittenOut(
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
