import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { accuracyAtDensities, differenceAtDensities, levelNear } from '../src/tables/comparison.js';
import { syntheticRun } from './synthetic.js';

const run = syntheticRun({ trials: 3, levels: 8 });
const worse = {
  ...run,
  stages: run.stages.map((stage) => ({
    ...stage,
    metrics: {
      ...stage.metrics,
      best: { ...stage.metrics.best, testAccuracy: stage.metrics.best.testAccuracy - 0.01 },
    },
  })),
};
const runs = [
  { label: 'first', run },
  { label: 'worse', run: worse },
];

const cellsOf = (html: { readonly text: string }) => {
  const { document } = parseHTML(html.text) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<{ readonly textContent: string }> };
  };
  return [...document.querySelectorAll('tbody tr')].map(({ textContent }) =>
    textContent.trim().split(/\s{2,}/),
  );
};

describe('runs beside each other', () => {
  it('are compared at the level nearest to a density, and at none where none is near', () => {
    // Levels lie at 0.8 to the power of their number.
    expect(levelNear({ label: '', run }, 1)?.level).toBe(0);
    expect(levelNear({ label: '', run }, 0.5)?.level).toBe(3);
    expect(levelNear({ label: '', run }, 0.2)?.level).toBe(7);
    expect(levelNear({ label: '', run }, 0.1)).toBeUndefined();
    expect(levelNear({ label: '', run: { ...run, stages: [] } }, 1)).toBeUndefined();
  });

  it('differ by what they differ in each trial, with an interval over the trials', () => {
    const [row] = cellsOf(differenceAtDensities(runs, [1, 0.5, 0.02]));
    expect(row?.join(' ')).toContain('−1.00 [−1.00, −1.00]');
    expect(row?.join(' ')).toMatch(/–$/);
  });

  it('have a row each, with the density where it is not quite the one that was asked', () => {
    const rows = cellsOf(accuracyAtDensities(runs, [1, 0.46]));
    expect(rows).toHaveLength(2);
    expect(rows[0]?.join(' ')).toMatch(/\d\d\.\d\d \(.*–.*\).* at 51\.20 %/);
  });
});
