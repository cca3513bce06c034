import { describe, expect, it } from 'vitest';
import { latency } from '../../src/plots/latency.js';
import { syntheticBench } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

describe('the plot of latencies', () => {
  it('draws the ratio to the baseline by model and batch size', () =>
    expectDrawing(latency(syntheticBench()), 'latency'));

  it('draws the floor where it is within reach', async () => {
    const bench = syntheticBench();
    const floor = bench.floor.map((timed) => ({
      ...timed,
      latencyMicros: { ...timed.latencyMicros, p50: 24 },
    }));
    const figure = latency({ ...bench, floor });
    expect(figure?.legend.map(({ label }) => label)).toContain('empty call (floor)');
    await expectDrawing(figure, 'latency-floor');
  });

  it('survives an interval that reaches down to 0', () => {
    const bench = syntheticBench();
    const models = bench.models.map((model) => ({
      ...model,
      batches: model.batches.map((timed) => ({ ...timed, ratioToBaseline: { ratio: 0.9, low: 0, high: 9 } })),
    }));
    expect(latency({ ...bench, models })?.svg.text).not.toMatch(/NaN|Infinity/);
  });

  it('is absent when nothing could be compared', () => {
    const bench = syntheticBench();
    const models = bench.models.map((model) => ({
      ...model,
      batches: model.batches.map((timed) => ({ ...timed, ratioToBaseline: null })),
    }));
    expect(latency({ ...bench, models })).toBeUndefined();
  });
});
