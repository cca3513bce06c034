import { describe, expect, it } from 'vitest';
import { layerDensities } from '../../src/plots/layer-densities.js';
import { syntheticRun } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

describe('the plot of layer densities', () => {
  it('draws a line per layer', async () => {
    const figure = layerDensities(syntheticRun());
    expect(figure?.legend.map(({ label }) => label)).toEqual(['fc1', 'fc2', 'fc3']);
    await expectDrawing(figure, 'layers');
  });

  it('leaves out a layer without weights, which a logarithmic axis cannot show', () => {
    const run = syntheticRun();
    const stages = run.stages.map((stage) => ({ ...stage, layerDensities: { fc1: stage.density, fc2: 0 } }));
    expect(layerDensities({ ...run, stages })?.svg.text).not.toMatch(/NaN|Infinity/);
  });

  it('is absent without stages', () => {
    expect(layerDensities({ ...syntheticRun(), stages: [] })).toBeUndefined();
  });
});
