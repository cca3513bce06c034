import type { Crossover, CrossoverCell } from '@winning-tickets/bench';
import { describe, expect, it } from 'vitest';
import { crossoverPlot } from '../../src/plots/crossover.js';
import { syntheticBench } from '../synthetic.js';
import { warningsFail } from './drawing.js';

warningsFail();

const cell = (encoding: string, density: number, ratio: CrossoverCell['ratio']): CrossoverCell => ({
  ...{ width: 64, density, batch: 1, encoding, ratio, verdict: 'same', micros: 10, denseMicros: 10 },
  maskRatios: [ratio.ratio],
});

const mapOf = (cells: readonly CrossoverCell[], seeds = 1) =>
  ({ cells: [...cells], options: { seeds } }) as unknown as Crossover;

describe('the plot of a crossover map', () => {
  it('shows ratios, however far the intervals of few repeats reach', () => {
    const wide = { ratio: 0.9, low: 1e-14, high: 1e14 };
    const figure = crossoverPlot(mapOf([cell('gather', 0.5, wide), cell('gather', 0.1, wide)]), 1, []);
    expect(figure?.svg.text).not.toMatch(/NaN|Infinity|10000|0\.0001/);
  });

  it('says what its intervals are over', () => {
    const cells = [cell('gather', 0.5, { ratio: 0.9, low: 0.8, high: 1 })];
    expect(crossoverPlot(mapOf(cells), 1, [])?.caption).toContain('over the blocks of one mask');
    expect(crossoverPlot(mapOf(cells, 6), 1, [])?.caption).toContain('over 6 masks');
  });

  it('draws benchmarked tickets in the colour of their encoding, and of others in that of the text', () => {
    const known = { ratio: 0.9, low: 0.8, high: 1 };
    const map = mapOf([cell('gather', 0.5, known), cell('compact', 0.5, known), cell('compact', 0.1, known)]);
    const bench = syntheticBench();
    const [model] = bench.models;
    const [row] = model?.batches ?? [];
    if (!model || !row) throw new Error('the benchmark has no model');
    const strokesWith = (encoding: string) => {
      const batches = [{ ...row, batch: 1, ratioToBaseline: known }];
      const models = [{ ...model, density: 0.2, encoding, batches }];
      const text = crossoverPlot(map, 1, [{ ...bench, models }])?.svg.text ?? '';
      return text.split('stroke="var(--series-2)"').length;
    };
    expect(strokesWith('compact')).toBe(strokesWith('sparse') + 1);
  });
});
