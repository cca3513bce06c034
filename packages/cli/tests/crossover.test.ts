import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCrossover } from '@winning-tickets/bench';
import { survivors } from '@winning-tickets/ticket';
import { describe, expect, it } from 'vitest';
import { maskedLayer, syntheticNetwork } from '../src/synthetic-layer.js';
import { tickets, workplace } from './tickets.js';

describe('maskedLayer', () => {
  it.each([1, 0.5, 0.1, 0.013])('keeps exactly the share %d of the weights, or whole units', (density) => {
    const kept = (pruned: 'weights' | 'units') =>
      maskedLayer(syntheticNetwork(20, 1), density, pruned, 1).masks['hidden.weight'];
    const [weights, units] = [kept('weights'), kept('units')];
    if (!weights || !units) throw new Error('the hidden layer has no mask');
    expect(survivors(weights)).toBe(Math.round(density * 400));
    expect(survivors(units)).toBe(20 * Math.max(1, Math.round(density * 20)));
    const ofUnit = (unit: number) => units.data.filter((_, place) => place % 20 === unit);
    for (let unit = 0; unit < 20; unit++) expect(new Set(ofUnit(unit)).size).toBe(1);
  });

  it('is the same from the same seed, and another from another', () => {
    const of = (seed: number) =>
      maskedLayer(syntheticNetwork(8, 1), 0.5, 'weights', seed).best['hidden.weight']?.data;
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

const small = [
  '--widths',
  '16',
  '--densities',
  '0.5,0.1',
  '--batches',
  '1',
  '--repeats',
  '2',
  '--block-millis',
  '2',
];

describe('tickets crossover', () => {
  it('measures every case, goes on where it stopped, and writes a page', async () => {
    const folder = await workplace();
    const first = await tickets(folder, 'crossover', '--out', 'map.json', ...small, '--json');
    expect(first.code).toBe(0);
    const file = join(folder, 'map.json');
    const map = parseCrossover(JSON.parse(await readFile(file, 'utf8')), file);
    // Half of the weights are too many for lists of inputs.
    expect(map.cells).toHaveLength(5 + 7);
    expect(map.cells.map(({ maskRatios }) => maskRatios.length)).toEqual(Array(12).fill(2));
    expect(first.stderr).toMatch(/estimate: 2 layers, about \d+ s/);
    // As if it had been stopped after the first density.
    await writeFile(file, JSON.stringify({ ...map, cells: map.cells.slice(0, 5) }));
    const outputs = ['--report', 'map.html', '--csv', 'tables'];
    const again = await tickets(folder, 'crossover', '--out', 'map.json', ...small, ...outputs);
    expect(again.stderr).toContain('estimate: 1 layer,');
    expect(again.stdout).toMatch(/width +batch +masks +dense with zeros +.*int8/);
    const resumed = parseCrossover(JSON.parse(await readFile(file, 'utf8')), file);
    expect(resumed.cells.slice(0, 5)).toEqual(map.cells.slice(0, 5));
    expect(resumed.cells).toHaveLength(12);
    expect(await readFile(join(folder, 'map.html'), 'utf8')).toContain('Where pruning begins to pay');
    const cases = await readFile(join(folder, 'tables', 'crossover-cases.csv'), 'utf8');
    expect(cases.split('\r\n')).toHaveLength(1 + 12 + 1);
    expect(cases).toContain('16,0.1,1,"compact, whole units",');
    const pays = await readFile(join(folder, 'tables', 'crossover-crossings.csv'), 'utf8');
    expect(pays.split('\r\n')[0]).toBe('width,batch,encoding,paysBelow');
    expect(pays.split('\r\n')).toHaveLength(1 + 7 + 1);
    const shown = await tickets(folder, 'show', 'map.json');
    expect(shown.stdout).toMatch(/width +batch +masks +dense with zeros +.*int8/);
  });

  it('refuses a file that holds something else, and keeps it', async () => {
    const folder = await workplace();
    const refused = await tickets(folder, 'crossover', '--out', 'tiny.json', ...small);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('tiny.json: not a crossover map');
    expect(await readFile(join(folder, 'tiny.json'), 'utf8')).toContain('"tiny"');
  });

  it('refuses to go on with what another machine measured', async () => {
    const folder = await workplace();
    await tickets(folder, 'crossover', '--out', 'map.json', ...small);
    const file = join(folder, 'map.json');
    const map = parseCrossover(JSON.parse(await readFile(file, 'utf8')), file);
    const other = JSON.stringify({ ...map, environment: { ...map.environment, cpu: 'Abacus' } });
    await writeFile(file, other);
    const refused = await tickets(folder, 'crossover', '--out', 'map.json', ...small);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('map.json: was measured on Abacus');
    expect(await readFile(file, 'utf8')).toBe(other);
  });

  it('reads benchmarks before it measures', async () => {
    const folder = await workplace();
    await writeFile(join(folder, 'bench.json'), '{oops');
    const points = ['--report', 'map.html', '--points', 'bench.json'];
    const refused = await tickets(folder, 'crossover', '--out', 'map.json', ...small, ...points);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('bench.json');
    expect(refused.stderr).not.toContain('measuring');
  });

  it('refuses more masks than repeats', async () => {
    const refused = await tickets(
      await workplace(),
      'crossover',
      '--out',
      'map.json',
      ...small,
      '--seeds',
      '3',
    );
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('--seeds must be at most --repeats, which the masks divide');
  });

  it('refuses shares that are none', async () => {
    const refused = await tickets(
      await workplace(),
      'crossover',
      '--out',
      'map.json',
      '--densities',
      '0.5,2',
    );
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('shares above 0 and at most 1');
  });
});
