import type { BenchResult } from '@winning-tickets/bench';
import { expect, test } from 'vitest';
import { choose, targetsOf } from '../../src/best/choose.js';

type Row = readonly [batch: number, median: number, verdict: 'faster' | 'slower' | 'same'];

function result(models: Readonly<Record<string, readonly Row[]>>, batches: readonly number[]): BenchResult {
  return {
    baseline: 'dense',
    options: { batches },
    models: Object.entries(models).map(([file, rows]) => ({
      file,
      batches: rows.map(([batch, p50, verdict]) => ({ batch, latencyMicros: { p50 }, verdict })),
    })),
  } as unknown as BenchResult;
}

test('at each batch size the least median of those that are faster beyond doubt is chosen', () => {
  const models = {
    dense: [
      [1, 20, 'same'],
      [32, 90, 'same'],
    ],
    compact: [
      [1, 15, 'faster'],
      [32, 50, 'faster'],
    ],
    bag: [
      [1, 5, 'faster'],
      [32, 70, 'faster'],
    ],
  } as const;
  expect(choose(result(models, [1, 32]))).toEqual([
    { batch: 1, file: 'bag', beatsBaseline: true },
    { batch: 32, file: 'compact', beatsBaseline: true },
  ]);
});

test('a lower median alone is not enough: without a faster one it is the baseline', () => {
  const models = {
    dense: [[1, 20, 'same']],
    compact: [[1, 10, 'same']],
    gather: [[1, 30, 'slower']],
  } as const;
  expect(choose(result(models, [1]))).toEqual([{ batch: 1, file: 'dense', beatsBaseline: false }]);
});

test('the baseline is never said to beat itself, and a model not measured at a size is not chosen there', () => {
  const models = { dense: [[1, 20, 'faster']], fixed: [[8, 1, 'faster']] } as const;
  expect(choose(result(models, [1]))).toEqual([{ batch: 1, file: 'dense', beatsBaseline: false }]);
});

test('one file is written where one model is the best everywhere, else a file for each', () => {
  const at = (batch: number, file: string) => ({ batch, file, beatsBaseline: true });
  expect([...targetsOf('out/x.best', [at(1, 'a'), at(32, 'a')])]).toEqual([['a', 'out/x.best.onnx']]);
  expect([...targetsOf('out/x.best', [at(1, 'a'), at(8, 'b'), at(32, 'a')])]).toEqual([
    ['a', 'out/x.best-batch1-32.onnx'],
    ['b', 'out/x.best-batch8.onnx'],
  ]);
});
