import { describe, expect, it } from 'vitest';
import { costByDensity } from '../../src/plots/cost-by-density.js';
import { syntheticTrainability } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

describe('steps to the loss', () => {
  const costs = syntheticTrainability();

  it('are drawn against density, dense as 1', async () => {
    await expectDrawing(costByDensity(costs), 'cost');
  });

  it('have an axis of short numbers where the dense network alone comes so far', () => {
    const [dense] = costs.costs.map((cost) => ({
      ...cost,
      stepsToLoss: { mean: 3000, ratio: 1, interval: null },
    }));
    const drawn = costByDensity({ ...costs, costs: dense ? [dense] : [] })?.svg.text ?? '';
    expect([...drawn.matchAll(/<text[^>]*>([\d.]{5,})</g)]).toEqual([]);
    expect(drawn).toContain('>1.5<');
  });

  it('leave out branches that never come so far, and need one that does', () => {
    expect(costByDensity(costs)?.legend.map(({ label }) => label)).toEqual(['iterative ticket']);
    expect(costByDensity({ ...costs, costs: [] })).toBeUndefined();
  });
});
