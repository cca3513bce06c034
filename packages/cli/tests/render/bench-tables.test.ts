import type { BenchResult, Ratio } from '@winning-tickets/bench';
import { describe, expect, test } from 'vitest';
import { benchCaption, modelLatencyTables, modelSizeTable } from '../../src/render/bench-tables.js';
import { renderTable } from '../../src/render/table.js';
import { manifest } from '../manifests.js';

const plain = { bold: (text: string | number | null | undefined) => `${text ?? ''}` };
const run = {
  stages: [
    manifest({ trial: 1, branch: 'one-shot', level: 7, density: 1, accuracy: 0.98, iteration: 1 }),
    manifest({ trial: 1, branch: 'iterative', level: 0, density: 1, accuracy: 0.98, iteration: 1 }),
    manifest({ trial: 1, branch: 'iterative', level: 15, density: 0.0358, accuracy: 0.98, iteration: 1 }),
  ],
};

function benchOf(batches: readonly number[], noise: Ratio): BenchResult {
  const timed = (batch: number, micros: number) => ({
    batch,
    samplesMicros: [[micros]],
    latencyMicros: { p50: micros, p95: micros, p99: micros, mean: micros },
    throughputPerSecond: 1e6 / micros,
  });
  const model = (encoding: string, density: number, ratio: Ratio, residentBytes: number) => ({
    file: `exports/a-very-long-name-${encoding}-${density}.onnx`,
    name: `a-very-long-name-${encoding}-${density}`,
    provider: 'cpu' as const,
    encoding,
    density,
    bytes: 1_067_847,
    residentBytes,
    peakResidentBytes: residentBytes,
    memory: [],
    sessionCreationMicros: [900, 1100, 5000],
    inputs: 'noise' as const,
    batches: batches.map((batch) => ({
      ...timed(batch, 12.5 * batch),
      ratioToBaseline: ratio,
      verdict: 'faster' as const,
    })),
    notes: [],
  });
  return {
    schema: 1,
    startedAt: '',
    finishedAt: '',
    environment: {
      ...{ cpu: '', cores: 2, memoryBytes: 1, os: '', node: '', onnxruntime: '' },
      ...{ loadAverageBefore: [], loadAverageAfter: [] },
    },
    options: {
      ...{ provider: 'cpu', batches: [...batches], repeats: 2, blockMillis: 1, warmupMillis: 1 },
      ...{ maxSamplesPerBlock: 3, sessionCreations: 1, memoryProcesses: 1, threads: 1, seed: 1 },
    },
    baseline: 'exports/a-very-long-name-dense-1.onnx',
    floor: batches.map((batch) => timed(batch, 5)),
    floorMemory: [],
    noise: batches.map((batch) => ({ ...timed(batch, 12.5 * batch), ratioToBaseline: noise })),
    models: [
      model('dense', 1, { ratio: 1, low: 1, high: 1 }, 3_000_000),
      model('compact', 0.0358, { ratio: 0.8, low: 0.75, high: 0.85 }, -120_000),
      model('sparse', 0.5, { ratio: 10.8, low: 10.75, high: 10.85 }, 3_000_000),
    ],
    warnings: [],
  };
}

describe('the tables of a run', () => {
  test('tell how samples enter a model where that is not dense and the encoding does not say it', () => {
    const [model] = benchOf([1], { ratio: 1, low: 1, high: 1 }).models;
    const encodingOf = (change: Partial<BenchResult['models'][number]>) => {
      const models = model ? [{ ...model, ...change }] : [];
      return modelSizeTable({ ...benchOf([1], { ratio: 1, low: 1, high: 1 }), models }, run).rows[0]?.[1];
    };
    expect(encodingOf({})).toBe('dense');
    expect(encodingOf({ inputForm: 'dense' })).toBe('dense');
    expect(encodingOf({ inputForm: 'sequence' })).toBe('dense, sequence');
    expect(encodingOf({ inputForm: 'bag', encoding: 'bag' })).toBe('bag');
  });

  const bench = benchOf([1, 32, 256], { ratio: 1, low: 0.97, high: 1.03 });

  test('call a model by its ticket, and one that is not of the run by its file', () => {
    expect(modelSizeTable(bench, run).rows.map(([name, encoding]) => [name, encoding])).toEqual([
      ['level 0, 100.00 %', 'dense'],
      ['level 15, 3.58 %', 'compact'],
      ['a-very-long-name-sparse-0.5', 'sparse'],
    ]);
    expect(benchCaption(bench, run)).toContain('ratio to level 0, 100.00 %, dense');
  });

  test('show latencies in a column for each batch size, within 120 columns', () => {
    const known = { ...bench, models: bench.models.slice(0, 2) };
    const tables = modelLatencyTables(known, run).map((table) => renderTable(table, plain));
    expect(tables).toHaveLength(1);
    const lines = (tables[0] ?? '').split('\n');
    expect(lines[2]).toBe(
      'level 15, 3.58 %   compact   12.5 0.80 (0.75–0.85) faster   400 0.80 (0.75–0.85) faster  ' +
        '3200 0.80 (0.75–0.85) faster',
    );
    expect(lines[1]).toMatch(/^level 0, 100.00 % {2}dense +12.5 baseline +400 baseline +3200 baseline$/);
    expect(lines).toHaveLength(1 + 2 + 2);
    const sizes = renderTable(modelSizeTable(known, run), plain).split('\n');
    for (const line of [...lines, ...sizes]) expect(line.length).toBeLessThanOrEqual(120);
  });

  test('are several where the batch sizes are many', () => {
    const many = benchOf([1, 2, 4, 8], { ratio: 1, low: 1, high: 1 });
    const headers = modelLatencyTables(many, run).map((table) => table.headers.length);
    expect(headers).toEqual([2 + 3, 2 + 1]);
  });

  test('show memory that came out below nothing as it is', () => {
    expect(modelSizeTable(bench, run).rows[1]?.slice(2, 6)).toEqual(['1.1 MB', '-120 kB', '-120 kB', '1.10']);
  });
});
