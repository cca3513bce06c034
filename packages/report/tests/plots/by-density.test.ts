import { describe, expect, it } from 'vitest';
import { branchesOf } from '../../src/branches.js';
import { accuracyByDensity } from '../../src/plots/accuracy-by-density.js';
import { barsCaption } from '../../src/plots/by-density.js';
import { endAccuracyByDensity } from '../../src/plots/end-accuracy-by-density.js';
import { iterationByDensity } from '../../src/plots/iteration-by-density.js';
import { incompleteRun, syntheticRun, syntheticStage } from '../synthetic.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

const two = branchesOf(syntheticRun());
const three = branchesOf(syntheticRun({ trials: 3, controls: ['random-reinit', 'random-mask', 'one-shot'] }));

const dots = (svg: string) => svg.match(/transform="translate\([^"]*" ?\/>/g)?.length ?? 0;

describe('plots against density', () => {
  it('draw test accuracy at early stop', () => expectDrawing(accuracyByDensity(two), 'accuracy'));
  it('draw intervals and all controls from three trials on', () =>
    expectDrawing(accuracyByDensity(three), 'accuracy-three-trials'));
  it('draw the early-stop iteration', () => expectDrawing(iterationByDensity(three), 'iteration'));
  it('draw accuracy at the end of training', () => expectDrawing(endAccuracyByDensity(two), 'end-accuracy'));
  it('draw what an incomplete run has', () =>
    expectDrawing(accuracyByDensity(branchesOf(incompleteRun())), 'accuracy-incomplete'));
  it('draw a single stage', () =>
    expectDrawing(
      accuracyByDensity(branchesOf({ ...syntheticRun(), stages: [syntheticStage('iterative', 0, 1)] })),
      'accuracy-single',
    ));

  it('are absent without stages', () => {
    expect(accuracyByDensity([])).toBeUndefined();
  });

  it('run from the dense network on the left to the sparsest on the right', () => {
    const svg = accuracyByDensity(two)?.svg.text ?? '';
    const place = (tick: string) =>
      Number(new RegExp(`translate\\(([\\d.]+),[\\d.]+\\)"[^>]*>${tick}<`).exec(svg)?.[1]);
    expect(place('100')).toBeLessThan(place('50'));
    expect(place('100')).toBeLessThan(150);
  });

  it('tell branches by colour, symbol and dashes', () => {
    const styles = accuracyByDensity(three)?.legend.map(({ style }) => style) ?? [];
    expect(styles).toHaveLength(4);
    for (const key of ['colour', 'symbol', 'dash'] as const) {
      expect(new Set(styles.map((style) => style[key])).size).toBe(4);
    }
  });

  it('give a branch the same style whichever other branches are there', () => {
    const style = (branches: typeof two) =>
      accuracyByDensity(branches)?.legend.find(({ label }) => label === 'one-shot ticket')?.style;
    expect(style(three.filter(({ branch }) => branch === 'one-shot'))).toEqual(style(three));
  });

  it('leave out what diverged', () => {
    const stage = syntheticStage('iterative', 1, 1);
    const diverged = {
      ...stage,
      metrics: { ...stage.metrics, best: { ...stage.metrics.best, testAccuracy: NaN } },
    };
    const run = { ...syntheticRun(), stages: [syntheticStage('iterative', 0, 1), diverged] };
    const svg = accuracyByDensity(branchesOf(run))?.svg.text ?? '';
    expect(svg).not.toContain('NaN');
    expect(dots(svg)).toBeLessThan(dots(accuracyByDensity(two)?.svg.text ?? ''));
  });
});

describe('the caption says what the bars are', () => {
  it('no bars for one trial', () => {
    expect(barsCaption([1, 1])).toBe('One trial: there is no spread to show.');
  });
  it('the range alone for two trials', () => {
    expect(barsCaption([2])).toContain('smallest to the largest');
    expect(barsCaption([2])).not.toContain('95 %');
  });
  it('the 95 % interval from three trials on', () => {
    expect(barsCaption([3])).toContain('95 % interval of the mean (Student’s t)');
    expect(barsCaption([2, 5])).toContain('Means of 2 to 5 trials');
    expect(barsCaption([2, 5])).toContain('where there are at least three trials');
  });
});
