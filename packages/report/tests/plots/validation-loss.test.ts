import { describe, expect, it } from 'vitest';
import { validationLoss } from '../../src/plots/validation-loss.js';
import { syntheticRun } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

describe('the plot of the validation loss', () => {
  it('draws a curve per density', () =>
    expectDrawing(validationLoss(syntheticRun({ evaluations: 12 })), 'loss'));

  it('shows at most five densities, the first and the last among them', () => {
    const labels =
      validationLoss(syntheticRun({ levels: 10, evaluations: 3 }))?.legend.map(({ label }) => label) ?? [];
    expect(labels).toHaveLength(5);
    expect(labels[0]).toBe('100 %');
    expect(labels.at(-1)).toBe('10.74 %');
  });

  it('is absent without histories', () => {
    expect(validationLoss(syntheticRun())).toBeUndefined();
  });

  it('averages only where all trials were evaluated', () => {
    const run = syntheticRun({ levels: 0, evaluations: 4 });
    const stages = run.stages.map((stage) =>
      stage.trial === 1 && stage.history
        ? { ...stage, history: { ...stage.history, evaluations: stage.history.evaluations.slice(0, 2) } }
        : stage,
    );
    const label = validationLoss({ ...run, stages })?.svg.text;
    expect(label).toContain('at iteration 200');
  });
});
