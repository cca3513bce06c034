import { tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsOf, rowsWrittenOut } from '../src/sample-rows.js';
import { sparseRows } from './engines/onnx/support.js';

const WIDTH = 3;

/** Rows of small whole numbers, about half of them zero, and which of them to take, again and again too. */
const drawn = fc
  .array(fc.tuple(...Array.from({ length: WIDTH }, () => fc.integer({ min: 0, max: 3 }).map((x) => x % 3))), {
    minLength: 1,
    maxLength: 5,
  })
  .chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      picks: fc.array(fc.nat(rows.length - 1), { minLength: 1, maxLength: 6 }),
    }),
  );

test.each(['float32', 'int32', 'uint8'] as const)('rows of bytes are taken in order, as %s', (dtype) => {
  fc.assert(
    fc.property(drawn, ({ rows, picks }) => {
      const all = tensor('uint8', [rows.length, 1, WIDTH], Uint8Array.from(rows.flat()));
      const taken = rowsOf(all, Int32Array.from(picks), dtype);
      expect(taken).toMatchObject({ dtype, shape: [picks.length, 1, WIDTH] });
      expect([...taken.data]).toEqual(picks.flatMap((row) => rows[row] ?? []));
    }),
  );
});

test('sparse rows are written out as the dense ones that they stand for', () => {
  fc.assert(
    fc.property(drawn, ({ rows, picks }) => {
      const all = tensor('float32', [rows.length, WIDTH], Float32Array.from(rows.flat()));
      const indices = Int32Array.from(picks);
      expect(rowsWrittenOut(sparseRows(all), indices)).toEqual(rowsOf(all, indices, 'float32'));
    }),
  );
});
