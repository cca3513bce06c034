import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tickets } from './tickets.js';

let folder = '';

const grid = {
  name: 'rates',
  dataset: { id: 'mnist' },
  network: 'lenet-300-100',
  optimizer: { kind: 'adam', rate: 0.001 },
  batchSize: 60,
  iterations: 20,
  evaluateEvery: 10,
  pruning: { rate: 0.5, levels: 1 },
  trials: 1,
  seed: 1,
  grid: { 'optimizer.rate': [0.002, 1e30] },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tickets-grid-'));
  await writeFile(join(folder, 'rates.json'), JSON.stringify(grid));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('a grid is trained as far as it can be, its status and its comparison tell how far that is', async () => {
  const { code, stdout, stderr } = await tickets(folder, 'run', 'rates.json', '--workers', '1', '--json');
  // One experiment diverges; the other is finished all the same.
  expect(code).toBe(1);
  expect(stderr).toContain('1 experiment of 2 failed: rate=1e+30');
  expect(JSON.parse(stdout)).toMatchObject({
    grid: join('runs', 'grid-rates'),
    experiments: [{ label: 'rate=0.002' }, { label: 'rate=1e+30' }],
    failures: [{ label: 'rate=1e+30' }],
  });
  expect(await readFile(join(folder, 'runs', 'grid-rates', 'report.html'), 'utf8')).toContain(
    'Compared: rates',
  );

  const status = await tickets(folder, 'status', 'rates', '--json');
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject([
    { name: 'rate.0.002', done: 2, failed: 0, waiting: 0, secondsLeft: 0 },
    { name: 'rate.1e30', done: 0, failed: 1, waiting: 1, secondsLeft: null },
  ]);
  const all = await tickets(folder, 'status');
  expect(all.stdout).toContain('2 of 2');
  expect(all.stderr).toContain('lower optimizer.rate');

  const [first] = (JSON.parse(stdout) as { experiments: { run: string }[] }).experiments;
  const both = await tickets(folder, 'report', first?.run ?? '', first?.run ?? '', '--json');
  expect(JSON.parse(both.stdout)).toEqual({ report: 'comparison.html' });
}, 120_000);

test('a grid that makes no experiment is refused in a sentence that says which', async () => {
  await writeFile(
    join(folder, 'bad.json'),
    JSON.stringify({ ...grid, grid: { 'pruning.criterion': ['x'] } }),
  );
  const { code, stderr } = await tickets(folder, 'train', 'bad.json');
  expect(code).toBe(1);
  expect(stderr).toMatch(/bad\.json, criterion=x: .*pruning\.criterion/);
  const none = await tickets(folder, 'status', 'nowhere');
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('nowhere: there is no such run');
});
