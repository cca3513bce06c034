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

  it('leave out branches that never come so far, and need one that does', () => {
    expect(costByDensity(costs)?.legend.map(({ label }) => label)).toEqual(['iterative ticket']);
    expect(costByDensity({ ...costs, costs: [] })).toBeUndefined();
  });
});
