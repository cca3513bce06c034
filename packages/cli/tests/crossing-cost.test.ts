import { describe, expect, it } from 'vitest';
import { secondsOf } from '../src/crossing-cost.js';
import { formsAt } from '../src/crossing-forms.js';

const options = {
  ...{ provider: 'cpu' as const, widths: [64], densities: [0.1], batches: [1] },
  ...{ repeats: 6, blockMillis: 30, threads: 1, seed: 1, seeds: 6 },
};

describe('formsAt', () => {
  const names = (width: number, density: number, batch: number) =>
    formsAt({ width, density }, batch).map(({ name }) => name);

  it('leaves out lists where they are longer than half of the inputs, or too large', () => {
    expect(names(1024, 0.1, 1)).toContain('gather');
    expect(names(1024, 0.5, 1)).not.toContain('gather');
    expect(names(4096, 0.1, 32)).toContain('gather');
    expect(names(4096, 0.1, 256)).not.toContain('gather-transposed');
  });

  it('has eight bits at every density', () => {
    for (const density of [1, 0.5, 0.01]) expect(names(64, density, 256)).toContain('int8');
  });
});

describe('secondsOf', () => {
  it('is of blocks where layers are small: repeats, batch sizes and forms make it longer, masks hardly', () => {
    const point = { width: 64, density: 0.1 };
    const once = secondsOf(point, options);
    // Seven forms, the unpruned layer twice and the empty graph, 63 ms with a warm-up.
    expect(once).toBeCloseTo(6 * 10 * 0.063, 1);
    expect(secondsOf(point, { ...options, repeats: 12 }) / once).toBeCloseTo(2, 1);
    expect(secondsOf(point, { ...options, batches: [1, 2] }) / once).toBeCloseTo(2, 1);
    expect(secondsOf(point, { ...options, seeds: 1 }) / once).toBeCloseTo(1, 1);
  });

  it('is of calls and of the masks to write where layers are large', () => {
    const point = { width: 4096, density: 0.1 };
    const wide = secondsOf(point, { ...options, batches: [1024] });
    expect(wide).toBeGreaterThan(10 * secondsOf({ width: 64, density: 0.1 }, options));
    expect(wide - secondsOf(point, { ...options, batches: [1024], seeds: 1 })).toBeCloseTo(
      5 * 4096 ** 2 * 1e-6,
      3,
    );
  });
});
