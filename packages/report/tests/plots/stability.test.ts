import { describe, expect, it } from 'vitest';
import { stabilityBarriers } from '../../src/plots/stability-barriers.js';
import { stabilityLine } from '../../src/plots/stability-line.js';
import { barriersByStep, lineMeans } from '../../src/stability-means.js';
import { syntheticStability } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

describe('a stability analysis in the report', () => {
  const stability = syntheticStability();

  it('is drawn: barriers by step, and the error along the line', async () => {
    await expectDrawing(stabilityBarriers(stability), 'barriers');
    await expectDrawing(stabilityLine(stability), 'line');
  });

  it('tells masks of one density apart by whose they are', () => {
    expect(stabilityBarriers(stability)?.legend.map(({ label }) => label)).toEqual([
      '100 %',
      '32.77 %',
      '32.77 %, random mask',
    ]);
  });

  it('takes means over the trials', () => {
    const [dense] = barriersByStep(stability);
    expect(dense).toMatchObject({ level: 0, step: 0, trials: 2, travelled: 10.5 });
    expect(dense?.testError.mean).toBeCloseTo(4.15);
    expect(dense?.testError.min).toBeCloseTo(4.1);
    expect(dense?.testError.max).toBeCloseTo(4.2);
    expect(lineMeans(stability)[0]?.points.map(({ alpha }) => alpha)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('draws no line over steps where there is but one, and nothing where nothing was trained', () => {
    const cells = stability.cells.filter(({ step }) => step === 0);
    expect(stabilityBarriers({ ...stability, cells })).toBeUndefined();
    expect(stabilityLine({ ...stability, cells: [] })).toBeUndefined();
  });
});
