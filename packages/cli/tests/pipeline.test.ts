import { copyFile, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageDataset, loadDataset } from '@winning-tickets/datasets';
import type { Trainability } from '@winning-tickets/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tickets, workplace } from './tickets.js';

/** What `run --json` prints. */
interface RunSummary {
  readonly run: string;
  readonly trainings: { readonly done: number; readonly expected: number };
  readonly tickets: readonly {
    readonly level: number;
    readonly accuracy: { readonly iterative: { mean: number } };
  }[];
  readonly exports: readonly {
    readonly file: string;
    readonly encoding: string;
    readonly check: { readonly equal: boolean; readonly samples: number };
  }[];
  readonly latencies: readonly unknown[];
  readonly report: string;
}

let folder = '';
let stderr = '';
let summary: RunSummary;
let ticket = '';
let model = '';

const runArgs = [
  'run',
  'tiny.json',
  '--encodings',
  'dense,compact',
  '--batches',
  '1',
  '--repeats',
  '2',
  '--json',
];

beforeAll(async () => {
  folder = await workplace();
  const outcome = await tickets(folder, ...runArgs);
  stderr = outcome.stderr;
  expect(outcome.code, outcome.stderr).toBe(0);
  summary = JSON.parse(outcome.stdout) as RunSummary;
  const stage = join(summary.run, 'trial-1', 'iterative', 'level-1');
  const name = (await readdir(join(folder, stage))).find((one) => one.endsWith('.ticket')) ?? '';
  ticket = join(stage, name);
  model =
    summary.exports.find(({ encoding, file }) => encoding === 'compact' && file.includes('level1'))?.file ??
    '';
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function json(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr: told } = await tickets(folder, ...args, '--json');
  expect(code, told).toBe(0);
  return JSON.parse(stdout);
}

describe('run', () => {
  test('trains, exports with proof, measures and reports', async () => {
    expect(summary.trainings).toEqual({ done: 2, expected: 2 });
    expect(summary.tickets.map(({ level }) => level)).toEqual([0, 1]);
    for (const { accuracy } of summary.tickets) expect(accuracy.iterative.mean).toBeGreaterThan(0.5);
    // The whole network is exported dense alone.
    expect(summary.exports.map(({ encoding }) => encoding)).toEqual(['dense', 'dense', 'compact']);
    for (const { check } of summary.exports) expect(check).toMatchObject({ equal: true, samples: 10_000 });
    expect(summary.latencies).toHaveLength(3);
    const page = await readFile(join(folder, summary.report), 'utf8');
    expect(page).toContain('<!doctype html>');
    expect(page).toContain('id="claims"');
    expect(page).toContain('Heat map of fc1 at 100 % of the weights, 28 rows of 28 pixels');
    expect((await readdir(join(folder, summary.run))).sort()).toEqual([
      'bench-latency.csv',
      'bench-session.csv',
      'bench-size.csv',
      'bench-throughput.csv',
      'bench.json',
      'experiment.json',
      'exports',
      'report.html',
      'trial-1',
    ]);
  });

  test('tells on standard error how it goes on', () => {
    expect(stderr).toContain('2 trainings of 20 steps');
    expect(stderr).toContain('finished trial 1, iterative, level 0');
    expect(stderr).toContain('largest difference of a logit');
  });

  test('again does nothing twice: same models, the benchmark kept', async () => {
    const before = await readFile(join(folder, summary.run, 'bench.json'), 'utf8');
    const models = await Promise.all(
      summary.exports.map(({ file }) => readFile(join(folder, file), 'base64')),
    );
    const again = await tickets(folder, ...runArgs);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('all 2 trainings are finished');
    expect(await readFile(join(folder, summary.run, 'bench.json'), 'utf8')).toBe(before);
    const after = await Promise.all(
      summary.exports.map(({ file }) => readFile(join(folder, file), 'base64')),
    );
    expect(after).toEqual(models);
    expect({ ...(JSON.parse(again.stdout) as RunSummary) }).toEqual(summary);
  }, 60_000);
});

describe('what a run leaves', () => {
  test('list shows it', async () => {
    expect(await json('list')).toMatchObject([{ name: 'tiny', done: 2, expected: 2, problem: null }]);
    const { stdout } = await tickets(folder, 'list');
    expect(stdout).toContain('2 of 2');
  });

  test('show tells of the run by its name, and of each kind of file', async () => {
    expect(await json('show', 'tiny')).toMatchObject({ kind: 'run', expected: 2 });
    expect(await json('show', ticket)).toMatchObject({
      kind: 'ticket',
      metadata: { level: 1, branch: 'iterative' },
    });
    expect(await json('show', model)).toMatchObject({ kind: 'model', opset: 18 });
    expect(await json('show', join(summary.run, 'bench.json'))).toMatchObject({ kind: 'bench', schema: 1 });
    const { stdout } = await tickets(folder, 'show', ticket);
    expect(stdout).toContain('seal verified');
  });

  test('verify proves run, ticket and model', async () => {
    const results = (await json('verify', 'tiny', ticket, model)) as { sound: boolean; detail: string }[];
    expect(results.length).toBe(2 + 1 + 3 + 1 + 1);
    expect(results.filter(({ sound }) => !sound)).toEqual([]);
    expect(results.at(-1)?.detail).toContain('equal to ticket');
  }, 60_000);

  test('verify proves a model whose ticket is not at hand by its accuracy', async () => {
    await copyFile(join(folder, model), join(folder, 'alone.onnx'));
    expect(await json('verify', 'alone.onnx')).toMatchObject([
      { sound: true, detail: expect.stringContaining('not at hand') as string },
    ]);
  });

  test('report writes where it is told', async () => {
    expect(await json('report', 'tiny', '--out', 'pages/page.html')).toEqual({ report: 'pages/page.html' });
    expect(await readFile(join(folder, 'pages', 'page.html'), 'utf8')).toContain('tickets run');
  });

  test('report shows benchmarks side by side, with a run or without', async () => {
    const bench = join(summary.run, 'bench.json');
    expect(await json('report', bench, bench, '--out', 'pages/both.html')).toEqual({
      report: 'pages/both.html',
    });
    const both = await readFile(join(folder, 'pages', 'both.html'), 'utf8');
    expect(both).toContain('plot-latency-2');
    expect(both).toContain('At batch 1 ');
    await json('report', 'tiny', '--bench', bench, '--bench', bench, '--out', 'pages/run.html');
    expect(await readFile(join(folder, 'pages', 'run.html'), 'utf8')).toContain('plot-latency-2');
    const mixed = await tickets(folder, 'report', 'tiny', bench);
    expect(mixed.code).toBe(2);
    expect(mixed.stderr).toContain('--bench FILE');
    const claimed = await tickets(folder, 'report', bench, '--claims', 'frankle-carbin-2019');
    expect(claimed.code).toBe(2);
    expect(claimed.stderr).toContain('--claims is for runs');
  });

  test('trainability says what each level costs, and the report shows it', async () => {
    const { costs } = (await json('trainability', 'tiny', '--loss', '10')) as Trainability;
    expect(costs.map(({ branch, level }) => `${branch} ${level}`)).toEqual(
      expect.arrayContaining(['iterative 0', 'iterative 1']),
    );
    // Of a loss above all, the first evaluation is enough.
    for (const { reached, trials, stepsToLoss } of costs) {
      expect(reached).toBe(trials);
      expect(stepsToLoss?.ratio).toBe(1);
    }
    expect(await readFile(join(folder, summary.report), 'utf8')).toContain('id="trainability"');
    expect((await tickets(folder, 'trainability', 'tiny', '--loss', '0')).stderr).toContain('above 0');
  });

  test('stability trains copies of a ticket, and the report shows it', async () => {
    const args = ['stability', 'tiny', '--steps', '20', '--levels', '1', '--points', '2'];
    expect(await json(...args)).toMatchObject({
      cells: [{ trial: 1, branch: 'iterative', level: 1, step: 20, distances: { apart: 0 } }],
    });
    const { stdout, stderr: told } = await tickets(folder, ...args);
    expect(stdout).toContain('step 20');
    expect(told).toContain('stability.json');
    await json('report', 'tiny', '--out', 'pages/stability.html');
    expect(await readFile(join(folder, 'pages', 'stability.html'), 'utf8')).toContain('id="stability"');
    const missing = await tickets(folder, 'stability', 'tiny', '--trials', '7');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('trial 7 is not in the run');
  }, 60_000);

  test('bench measures any of its models and writes what it is told', async () => {
    const result = await json(
      ...['bench', model, '--batches', '1', '--repeats', '2', '--out', 'b.json', '--csv', 'tables'],
      ...['--report', 'b.html'],
    );
    expect(result).toMatchObject({
      schema: 1,
      models: [{ encoding: 'compact', testAccuracy: { samples: 10_000 } }],
    });
    expect(await readdir(join(folder, 'tables'))).toHaveLength(4);
    expect(await readFile(join(folder, 'b.html'), 'utf8')).toContain('What models cost to run');
    expect(await json('show', 'b.json')).toMatchObject({ kind: 'bench' });
  });
});

describe('export and predict', () => {
  let image = '';

  beforeAll(async () => {
    image = join(folder, 'seven.pgm');
    await writeFile(image, await firstTestDigit());
    const inverted = await readFile(image);
    for (let index = inverted.length - 784; index < inverted.length; index++)
      inverted[index] = 255 - (inverted[index] ?? 0);
    await writeFile(join(folder, 'inverted.pgm'), inverted);
  });

  test('an exported ticket classifies an image, with all inputs and with the live ones alone', async () => {
    await mkdir(join(folder, 'out'), { recursive: true });
    const files = (await json(
      'export',
      ticket,
      '--encoding',
      'compact',
      '--live-inputs',
      '--out',
      'out/live.onnx',
    )) as {
      file: string;
    }[];
    expect(files).toMatchObject([{ file: 'out/live.onnx', check: { equal: true } }]);
    const whole = (await json('predict', model, '--image', image, '--top', '10')) as Predicted;
    const live = (await json('predict', 'out/live.onnx', '--image', image, '--top', '10')) as Predicted;
    const [first] = whole;
    expect(first?.predictions).toHaveLength(10);
    expect(first?.predictions.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(live[0]?.predictions[0]?.class).toBe('7');
    expect(live[0]?.predictions[0]?.probability).toBeCloseTo(first?.predictions[0]?.probability ?? NaN, 4);
  });

  test('an inverted image with --invert is the image', async () => {
    const [one] = (await json('predict', model, '--image', image, '--top', '1')) as Predicted;
    const [other] = (await json(
      'predict',
      model,
      '--image',
      'inverted.pgm',
      '--invert',
      '--top',
      '1',
    )) as Predicted;
    expect(other?.predictions).toEqual(one?.predictions);
  });
});

interface Prediction {
  readonly class: string;
  readonly probability: number;
}
type Predicted = readonly { readonly predictions: readonly Prediction[] }[];

describe('damaged files', () => {
  test('a ticket or model cut short is refused in one sentence, and not sound', async () => {
    for (const file of [ticket, model]) {
      const bytes = await readFile(join(folder, file));
      const name = `short${file.slice(file.lastIndexOf('.'))}`;
      await writeFile(join(folder, name), bytes.subarray(0, bytes.length - 1000));
      const outcome = await tickets(folder, 'verify', name);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(outcome.stderr).toContain(`tickets: ${name} is not sound`);
    }
  });

  test('a bit changed in a ticket breaks its seal', async () => {
    const bytes = await readFile(join(folder, ticket));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await writeFile(join(folder, 'changed.ticket'), bytes);
    expect(await tickets(folder, 'export', 'changed.ticket')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('changed.ticket') as string,
    });
  });

  test('a run whose folder holds another experiment is left alone', async () => {
    const other = join(folder, 'others', summary.run.split(/[\\/]/).at(-1) ?? '');
    await cp(join(folder, summary.run), other, { recursive: true });
    const file = join(other, 'experiment.json');
    const changed = (await readFile(file, 'utf8')).replace('"seed": 1', '"seed": 2');
    await writeFile(file, changed);
    const outcome = await tickets(folder, 'train', 'tiny.json', '--runs', 'others');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^tickets: .*experiment\.json was changed after the run began/);
    expect(await readFile(file, 'utf8')).toBe(changed);
  });
});

describe('clean', () => {
  test('shows sizes, deletes nothing unasked, and then only what the program wrote', async () => {
    await cp(join(folder, 'runs'), join(folder, 'copies'), { recursive: true });
    const run = join('copies', summary.run.split(/[\\/]/).at(-1) ?? '');
    expect(await json('clean', '--runs', 'copies')).toMatchObject([{ folder: run }]);
    expect(await tickets(folder, 'clean', run, '--all')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('add --yes') as string,
    });
    await writeFile(join(folder, run, 'notes.txt'), 'mine');
    expect(await json('clean', run, '--all', '--yes')).toMatchObject([{ kept: [join(run, 'notes.txt')] }]);
    expect(await readdir(join(folder, run))).toEqual(['notes.txt']);
  });
});

/** The first image of MNIST's test side, a seven, as a PGM file. */
async function firstTestDigit(): Promise<Buffer> {
  const { test: samples } = imageDataset(await loadDataset({ id: 'mnist', validation: 5_000, splitSeed: 0 }));
  return Buffer.concat([Buffer.from('P5 28 28 255\n'), samples.inputs.data.subarray(0, 784)]);
}
