import type { SparseInputs } from '@winning-tickets/datasets';
import type { Tensor } from '@winning-tickets/onnx';
import { tensor } from '@winning-tickets/onnx';

/** The values that samples of a batch have, and where they go in the batch written out. */
export interface BatchValues {
  /** Flat indices into the batch written out, row-major, int32 `[batches, n]`. */
  readonly places: Tensor<'int32'>;
  /** What is added there, float32 `[batches, n]`: a batch with fewer values has zeros behind them. */
  readonly values: Tensor<'float32'>;
}

/** Batches over the columns alone in which they have values. */
export interface BatchColumns extends BatchValues {
  /**
   * Which columns of all, int32 `[batches, k]`, each once; the batch written out has these alone. A batch with fewer has
   * columns without values behind them.
   */
  readonly columns: Tensor<'int32'>;
}

/**
 * Batches with a column for each of the inputs.
 *
 * @param indices rows of the inputs, `[batches, batch]`.
 */
export function wholeBatches(inputs: SparseInputs, indices: Tensor<'int32'>): BatchValues {
  const [, width] = inputs.shape;
  return batchValues(inputs, indices, width, (_, column) => column);
}

/**
 * Batches over the columns that they have values in, ascending: of ten thousand words, sixty documents have two thousand.
 *
 * @param indices rows of the inputs, `[batches, batch]`.
 */
export function columnBatches(inputs: SparseInputs, indices: Tensor<'int32'>): BatchColumns {
  const [, width] = inputs.shape;
  const [batches = 0] = indices.shape;
  // Per batch and column: 1 where it has a value.
  const marks = Array.from({ length: batches }, (_, batch) => columnsUsed(inputs, rowsOf(indices, batch)));
  const most = marks.reduce((largest, mark) => Math.max(largest, ones(mark)), 0);
  const columns = new Int32Array(batches * most);
  const ranks = marks.map((mark, batch) => {
    const rank = new Int32Array(width);
    let next = 0;
    // Those with values first; then, as many as are missing, others.
    for (const wanted of [1, 0]) {
      for (let column = 0; column < width && next < most; column++) {
        if (mark[column] !== wanted) continue;
        rank[column] = next;
        columns[batch * most + next++] = column;
      }
    }
    return rank;
  });
  return {
    columns: tensor('int32', [batches, most], columns),
    ...batchValues(inputs, indices, most, (batch, column) => ranks[batch]?.[column] ?? 0),
  };
}

function batchValues(
  { offsets, indices: columns, values: all }: SparseInputs,
  indices: Tensor<'int32'>,
  width: number,
  columnOf: (batch: number, column: number) => number,
): BatchValues {
  const [batches = 0] = indices.shape;
  const length = (row: number) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0);
  let most = 0;
  for (let batch = 0; batch < batches; batch++) {
    most = Math.max(
      most,
      rowsOf(indices, batch).reduce((sum, row) => sum + length(row), 0),
    );
  }
  const places = new Int32Array(batches * most);
  const values = new Float32Array(batches * most);
  for (let batch = 0; batch < batches; batch++) {
    let next = batch * most;
    rowsOf(indices, batch).forEach((row, place) => {
      for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
        places[next] = place * width + columnOf(batch, columns[at] ?? 0);
        values[next++] = all[at] ?? 0;
      }
    });
  }
  return {
    places: tensor('int32', [batches, most], places),
    values: tensor('float32', [batches, most], values),
  };
}

function rowsOf({ shape: [, size = 0], data }: Tensor<'int32'>, batch: number): Int32Array {
  return data.subarray(batch * size, (batch + 1) * size);
}

function columnsUsed({ shape: [, width], offsets, indices }: SparseInputs, rows: Int32Array): Uint8Array {
  const mark = new Uint8Array(width);
  for (const row of rows) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) mark[indices[at] ?? 0] = 1;
  }
  return mark;
}

function ones(marks: Uint8Array): number {
  let count = 0;
  for (const mark of marks) count += mark;
  return count;
}
