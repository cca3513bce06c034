import { existsSync } from 'node:fs';
import { loadDataset } from '@winning-tickets/datasets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchmark } from '../src/benchmark.js';
import { toCsv } from '../src/csv.js';
import type { BenchProgress } from '../src/options.js';
import type { BenchResult } from '../src/result.js';
import { parseBenchResult } from '../src/result.js';
import { latencyTable, renderTable, sizeTable } from '../src/tables.js';
import { classifier, onlyBatchOne, removeModels } from './models.js';

afterAll(removeModels);

const quick = {
  seed: 1,
  batches: [1, 4],
  repeats: 3,
  blockMillis: 2,
  warmupMillis: 1,
  sessionCreations: 2,
  memoryProcesses: 1,
  roofline: false,
};

describe('benchmark', () => {
  let result: BenchResult;
  const progress: BenchProgress[] = [];
  const files: string[] = [];

  beforeAll(async () => {
    files.push(
      classifier('compact, "4".onnx', {
        metadata: { 'tickets.encoding': 'compact', 'tickets.density': '0.25' },
      }),
      classifier('dense.onnx', {
        metadata: {
          'tickets.encoding': 'dense',
          'tickets.dataset': 'mnist',
          'tickets.datasetChecksum': 'another',
          'tickets.inputScale': '1',
        },
      }),
      classifier('fixed.onnx', { shape: [3, 2, 2] }),
    );
    result = await benchmark({ ...quick, files, onProgress: (step) => progress.push(step) });
  });

  it('gives each model a row per batch size, in the order of the files', () => {
    expect(result.models.map(({ file }) => file)).toEqual(files);
    const batches = result.models.map((model) => model.batches.map(({ batch }) => batch));
    expect(batches[0]).toEqual([1, 4]);
    expect(batches[2]).toEqual([3]);
  });

  it('keeps the raw samples of every repeat', () => {
    const rows = [...result.floor, ...result.noise, ...result.models.flatMap(({ batches }) => batches)];
    for (const { samplesMicros } of rows) {
      expect(samplesMicros).toHaveLength(quick.repeats);
      for (const block of samplesMicros) expect(block.length).toBeGreaterThan(0);
    }
  });

  it('orders the quantiles, and computes throughput from the mean', () => {
    const rows = [...result.floor, ...result.noise, ...result.models.flatMap(({ batches }) => batches)];
    for (const { batch, latencyMicros, throughputPerSecond } of rows) {
      const { p50, p95, p99, mean } = latencyMicros;
      expect(p50).toBeGreaterThan(0);
      expect(p50).toBeLessThanOrEqual(p95);
      expect(p95).toBeLessThanOrEqual(p99);
      expect(throughputPerSecond).toBeCloseTo((batch / mean) * 1e6, 6);
    }
  });

  it('compares with the dense encoding unless told otherwise, which is 1 of itself', () => {
    expect(result.baseline).toBe(files[1]);
    for (const { ratioToBaseline } of result.models[1]?.batches ?? []) {
      expect(ratioToBaseline).toEqual({ ratio: 1, low: 1, high: 1 });
    }
  });

  it('measures the baseline where a model with a fixed batch asks for it, and says so of that model', () => {
    expect(result.models[1]?.batches.map(({ batch }) => batch)).toEqual([1, 3, 4]);
    expect(result.models[2]?.batches[0]?.ratioToBaseline).not.toBeNull();
    expect(result.models[2]?.notes.join(' ')).toContain('Measured at batch 3 only');
  });

  it('runs the baseline a second time, and the empty graph at every batch size', () => {
    expect(result.noise.map(({ batch }) => batch)).toEqual([1, 3, 4]);
    expect(result.noise.every(({ ratioToBaseline }) => ratioToBaseline !== null)).toBe(true);
    expect(result.floor.map(({ batch }) => batch)).toEqual([1, 3, 4]);
  });

  it('omits the accuracy and says why where the data is unknown or other than the model was trained on', () => {
    expect(result.models.every(({ testAccuracy }) => testAccuracy === undefined)).toBe(true);
    expect(result.models.every(({ inputs }) => inputs === 'noise')).toBe(true);
    expect(result.models[0]?.notes.join(' ')).toContain('does not name its data set');
    expect(result.models[1]?.notes.join(' ')).toContain('for mnist with checksum another');
  });

  it('measures memory in processes and times several session creations', () => {
    expect(result.floorMemory).toHaveLength(1);
    for (const model of result.models) {
      expect(model.memory).toHaveLength(1);
      expect(model.sessionCreationMicros).toHaveLength(2);
    }
  });

  it('reports progress of every stage up to its end', () => {
    for (const stage of ['accuracy', 'memory', 'session', 'latency'] as const) {
      const last = progress.findLast((step) => step.stage === stage);
      expect(last?.done).toBe(last?.total);
      expect(last?.done).toBeGreaterThan(0);
    }
  });

  it('survives the way through its file', () => {
    expect(parseBenchResult(JSON.parse(JSON.stringify(result)), 'results.json')).toEqual(result);
  });

  it('renders every row, and quotes file names in CSV', () => {
    const latency = latencyTable(result);
    expect(latency.rows).toHaveLength(2 + 3 + 1 + 3 + 3);
    expect(renderTable(latency).split('\n')).toHaveLength(1 + latency.rows.length);
    expect(sizeTable(result).rows).toHaveLength(3);
    const { latency: csv, session } = toCsv(result);
    expect(csv.split('\r\n')).toHaveLength(1 + latency.rows.length + 1);
    expect(csv).toContain('"compact, ""4"""');
    expect(session.split('\r\n')).toHaveLength(1 + 3 * (1 + 2) + 1);
  });

  it('measures the accuracy on the whole test split of the data set that a model names', async () => {
    const { checksum } = await loadDataset({ id: 'mnist', validation: 1, splitSeed: 0 });
    // The corner pixels are black, so the logits are equal and the first class wins: 980 of 10,000 are zeros.
    const file = classifier('mnist.onnx', {
      shape: ['batch', 28, 28],
      classes: 10,
      metadata: {
        'tickets.dataset': 'mnist',
        'tickets.datasetChecksum': checksum,
        'tickets.inputScale': `${1 / 255}`,
      },
    });
    const { models } = await benchmark({ ...quick, repeats: 2, files: [file] });
    expect(models[0]?.testAccuracy).toEqual({ dataset: 'mnist', accuracy: 0.098, samples: 10_000 });
    expect(models[0]?.inputs).toBe('test samples');
  });

  it('returns nothing when it is aborted, but the reason', async () => {
    const controller = new AbortController();
    const aborted = benchmark({
      ...quick,
      files,
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'latency') controller.abort(new Error('stopped by the user'));
      },
    });
    await expect(aborted).rejects.toThrow('stopped by the user');
  });

  it('refuses a file that is no model before it measures anything', async () => {
    const seen: BenchProgress[] = [];
    const refused = benchmark({
      ...quick,
      files: [...files, '/nowhere/a.onnx'],
      onProgress: (step) => seen.push(step),
    });
    await expect(refused).rejects.toThrow('/nowhere/a.onnx: there is no such file.');
    expect(seen).toEqual([]);
  });
});

describe('a model that the runtime cannot run', () => {
  const refused = async (batches: number[]): Promise<unknown> =>
    benchmark({ ...quick, batches, files: [onlyBatchOne('one.onnx')] }).catch((error: unknown) => error);

  it('is refused with its file and the shape it was fed, when timed', async () => {
    expect(String(await refused([1, 4]))).toMatch(
      /one\.onnx: .* cannot run this model on an input of \[4, 4\]/,
    );
  });

  it('is refused likewise when its memory is measured', async () => {
    expect(String(await refused([4]))).toMatch(/one\.onnx: .* cannot run this model on an input of \[4, 4\]/);
  });
});

describe('a benchmark that looks at what bounds its rows', () => {
  it('measures the machine, and says of every row what it does and which part of that costs most', async () => {
    const files = [classifier('bounded.onnx', {})];
    const { ceilings, models } = await benchmark({ ...quick, batches: [1], files, roofline: true });
    expect(ceilings?.copies.at(-1)?.bytes).toBe(2 ** 26);
    expect(ceilings?.hostBytesPerSecond).toBeNull();
    for (const row of models.flatMap(({ batches }) => batches)) {
      expect(row.bound?.operators).toBeGreaterThan(0);
      expect(row.bound?.hostBytes).toBe(4 * 4 * row.batch);
      // Four inputs of some numbers: nothing but the call itself.
      expect(['call', 'operators']).toContain(row.bound?.by);
    }
    // The machine is the same for what is measured next.
    const again = await benchmark({ ...quick, batches: [1], files, roofline: true });
    expect(again.ceilings).toEqual(ceilings);
  });
});

describe('a benchmark in several processes', () => {
  it('divides the repeats among them, and says how far it is in all', async () => {
    const progress: BenchProgress[] = [];
    const result = await benchmark({
      ...quick,
      files: [classifier('one.onnx', {}), classifier('two.onnx', {})],
      processes: 2,
      onProgress: (each) => progress.push(each),
    });
    expect(result.options.processes).toBe(2);
    for (const { batches } of result.models) {
      expect(batches.map(({ samplesMicros }) => samplesMicros.length)).toEqual([3, 3]);
    }
    const latency = progress.filter(({ stage }) => stage === 'latency');
    expect(latency.at(-1)).toMatchObject({ done: 24, total: 24 });
    expect(latency.map(({ done }) => done)).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
  });

  it('refuses more of them than there are repeats', async () => {
    const options = { ...quick, files: [classifier('few.onnx', {})], processes: 4 };
    await expect(benchmark(options)).rejects.toThrow('found 4 for 3');
  });
});

// A machine with a GPU has nothing to refuse; there the provider is measured.
describe.skipIf(existsSync('/dev/nvidia0'))('a provider that the machine lacks', () => {
  it('is refused before anything is measured, with the reason and where to look', async () => {
    const progress: BenchProgress[] = [];
    const options = { ...quick, files: [classifier('any.onnx', {})], provider: 'cuda' } as const;
    await expect(benchmark({ ...options, onProgress: (each) => progress.push(each) })).rejects.toThrow(
      /^the provider cuda cannot be used on this machine: .+; `tickets doctor` says what each provider needs\.$/,
    );
    expect(progress).toEqual([]);
  });
});

describe('parseBenchResult', () => {
  it('names the source and the key that does not fit', () => {
    expect(() => parseBenchResult({ schema: 1 }, 'results.json')).toThrow(
      /^results\.json: not a benchmark result at 'startedAt'/,
    );
    expect(() => parseBenchResult(null, 'results.json')).toThrow('results.json: not a benchmark result');
    expect(() => parseBenchResult({ schema: 2 }, 'results.json')).toThrow('schema 2, this version reads');
  });
});
