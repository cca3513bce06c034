import { describe, expect, it } from 'vitest';
import { throughput } from '../../src/plots/throughput.js';
import { syntheticBench } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

const only = (batch: number) => {
  const bench = syntheticBench();
  const models = bench.models.map((model) => ({
    ...model,
    batches: model.batches.filter((timed) => timed.batch === batch),
  }));
  return { ...bench, models };
};

describe('the plot of throughput', () => {
  it('draws samples per second by batch size', () =>
    expectDrawing(throughput(syntheticBench()), 'throughput'));

  it('draws the baseline, and of each encoding the fastest at the largest batch', () => {
    expect(throughput(syntheticBench())?.legend.map(({ label }) => label)).toEqual([
      'dense 100 %',
      'compact 3.58 %',
      'sparse 3.58 %',
      'dense 3.58 %',
    ]);
  });

  it('is absent where one batch size was measured, or none', () => {
    expect(throughput(only(32))).toBeUndefined();
    expect(throughput(only(7))).toBeUndefined();
  });
});
