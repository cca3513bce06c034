import type { Crossover, CrossoverCell } from '@winning-tickets/bench';
import { expect, it } from 'vitest';
import { renderCrossoverReport } from '../src/crossover-page.js';
import { syntheticBench } from './synthetic.js';

const cell = (encoding: string, verdict: CrossoverCell['verdict']): CrossoverCell => ({
  ...{ width: 64, density: 0.5, batch: 1, encoding, verdict, micros: 5, denseMicros: 10 },
  ...{ ratio: { ratio: 0.5, low: 0.4, high: 0.6 }, maskRatios: [0.47, 0.53] },
});

const pageOf = (cells: CrossoverCell[], seeds: number) => {
  const map: Crossover = {
    ...{ schema: 1, startedAt: '2026-01-01T00:00:00Z', environment: syntheticBench().environment, cells },
    options: {
      ...{ provider: 'cpu', widths: [64], densities: [0.5], batches: [1] },
      ...{ repeats: 6, blockMillis: 1, threads: 1, seed: 1, seeds },
    },
  };
  const page = renderCrossoverReport({ map, crossings: [], benches: [], command: 'tickets crossover' });
  return page.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
};

it('tells what pays by pruning from what pays by rounding', () => {
  const page = pageOf([cell('compact', 'same'), cell('int8', 'faster')], 2);
  expect(page).toContain('None of 1 measured case without rounding is faster than dense.');
  expect(page).toContain('Of 1 case rounded to int8, 1 are faster.');
});

it('says of how many masks it speaks, and how far they come apart', () => {
  const several = pageOf([cell('compact', 'faster')], 2);
  expect(several).toContain('2 masks were drawn for each case: claims and intervals are over masks.');
  expect(several).toContain('0.47 to 0.53');
  const one = pageOf([cell('compact', 'faster')], 1);
  expect(one).toContain('claims and intervals are of this mask');
  expect(one).toContain('with another mask a case may come out otherwise');
});
