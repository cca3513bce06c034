import { describe, expect, it } from 'vitest';
import { accuracyByParameters } from '../../src/plots/accuracy-by-parameters.js';
import { accuracyByStepTime } from '../../src/plots/accuracy-by-step-time.js';
import { syntheticSearch } from '../synthetic-search.js';
import { expectDrawing, warningsFail } from './drawing.js';

warningsFail();

const search = syntheticSearch();

describe('the plots of accuracy against cost', () => {
  it('draw every candidate, the choices with a ring', async () => {
    await expectDrawing(accuracyByParameters(search), 'search-parameters');
    await expectDrawing(accuracyByStepTime(search), 'search-step-time');
  });

  it('draw a baseline where it is in reach, and name it where it is far below', () => {
    const figure = accuracyByParameters(search);
    expect(figure?.svg.text).toContain('naive Bayes');
    expect(figure?.svg.text).not.toContain('majority class');
    expect(figure?.caption).toContain('Below the frame: majority class (35.30 %).');
  });

  it('list the families in one order, whichever is best', () => {
    const labels = accuracyByStepTime(search)?.legend.map(({ label }) => label);
    expect(labels).toEqual(['linear', 'ffnn', 'cnn']);
  });

  it('draw one candidate alone', () => {
    const ranking = search.ranking.slice(0, 1);
    expect(accuracyByParameters({ ...search, ranking })?.svg.text).not.toMatch(/NaN|Infinity/);
  });

  it('are absent without candidates', () => {
    expect(accuracyByParameters({ ...search, ranking: [] })).toBeUndefined();
  });
});
