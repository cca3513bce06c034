import { tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchValues } from '../../../src/engines/onnx/sparse-batches.js';
import { columnBatches, wholeBatches } from '../../../src/engines/onnx/sparse-batches.js';
import { sparseRows, written } from './support.js';

const WIDTH = 9;

/** Rows of few values, and batches of them: equal rows may come together. */
const cases = fc
  .tuple(
    fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, -2, 0.5), { minLength: WIDTH, maxLength: WIDTH }), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.infiniteStream(fc.nat()),
  )
  .map(([rows, batches, batch, draws]) => {
    const numbers = Array.from({ length: batches * batch }, () => Number(draws.next().value) % rows.length);
    return {
      inputs: sparseRows(tensor('float32', [rows.length, WIDTH], Float32Array.from(rows.flat()))),
      indices: tensor('int32', [batches, batch], Int32Array.from(numbers)),
    };
  });

/** Each batch written out, with as many columns as are given. */
function writtenOut({ places, values }: BatchValues, batch: number, width: number): number[][] {
  const [batches = 0, count = 0] = places.shape;
  return Array.from({ length: batches }, (_, index) => {
    const all = new Array<number>(batch * width).fill(0);
    for (let at = index * count; at < (index + 1) * count; at++) {
      const place = places.data[at] ?? -1;
      all[place] = (all[place] ?? NaN) + (values.data[at] ?? NaN);
    }
    return all;
  });
}

function expectedOf(
  inputs: ReturnType<typeof sparseRows>,
  indices: { shape: readonly number[]; data: Int32Array },
) {
  const rows = written(inputs);
  const [batches = 0, batch = 0] = indices.shape;
  return Array.from({ length: batches }, (_, index) =>
    Array.from(indices.data.subarray(index * batch, (index + 1) * batch)).map((row) =>
      rows.slice(row * WIDTH, (row + 1) * WIDTH),
    ),
  );
}

describe('batches of sparse samples', () => {
  test('with all columns are the samples', () => {
    fc.assert(
      fc.property(cases, ({ inputs, indices }) => {
        const batch = indices.shape[1] ?? 0;
        expect(writtenOut(wholeBatches(inputs, indices), batch, WIDTH)).toEqual(
          expectedOf(inputs, indices).map((rows) => rows.flat()),
        );
      }),
      { seed: 1 },
    );
  });

  test('over their own columns are those columns of the samples, and nothing is in the others', () => {
    fc.assert(
      fc.property(cases, ({ inputs, indices }) => {
        const batch = indices.shape[1] ?? 0;
        const { columns, ...values } = columnBatches(inputs, indices);
        const width = columns.shape[1] ?? 0;
        const small = writtenOut(values, batch, width);
        expectedOf(inputs, indices).forEach((rows, index) => {
          const own = Array.from(columns.data.subarray(index * width, (index + 1) * width));
          expect(new Set(own).size).toBe(width);
          expect(small[index]).toEqual(rows.flatMap((row) => own.map((column) => row[column])));
          const left = (row: readonly number[]) => row.filter((_, column) => !own.includes(column));
          expect(rows.flatMap(left).every((value) => value === 0)).toBe(true);
        });
      }),
      { seed: 1 },
    );
  });

  test('have no more columns than the fullest batch needs', () => {
    const inputs = sparseRows(tensor('float32', [3, 4], Float32Array.of(1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0)));
    const { columns } = columnBatches(inputs, tensor('int32', [3, 1], Int32Array.of(0, 1, 2)));
    expect(columns.shape).toEqual([3, 2]);
    expect(Array.from(columns.data)).toEqual([0, 1, 2, 3, 0, 1]);
  });

  test('may be empty', () => {
    const inputs = sparseRows(tensor('float32', [1, 4], new Float32Array(4)));
    const { columns, places } = columnBatches(inputs, tensor('int32', [2, 1], Int32Array.of(0, 0)));
    expect([columns.shape, places.shape]).toEqual([
      [2, 0],
      [2, 0],
    ]);
  });
});
