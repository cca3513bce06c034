import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawCandidates } from '../../src/search/candidates.js';
import { designName } from '../../src/search/design-name.js';
import { familyNames } from '../../src/search/families/family.js';
import { searchOf } from './searches.js';

const names = (changes: object) => drawCandidates(searchOf(changes)).map(designName);
const families = (changes: object) => drawCandidates(searchOf(changes)).map(({ family }) => family);

/** Combinations of each family of the search: 2, 8 and 8. */
const all = 18;

describe('the candidates of a search', () => {
  test('are a function of its seed', () => {
    expect(names({})).toEqual(names({}));
    expect(names({ seed: 2 })).not.toEqual(names({}));
  });

  test('take turns by family, and a family that is used up leaves its share to the others', () => {
    expect(families({ budget: { candidates: 9 } })).toEqual([
      ...familyNames,
      ...familyNames,
      ...['ffnn', 'cnn'],
      'ffnn',
    ]);
  });

  test('are all that there are where the budget is larger', () => {
    expect(new Set(names({ budget: { candidates: 1000 } })).size).toBe(all);
  });

  test('are drawn without replacement, and a larger budget adds to a smaller one', () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        (seed, a, b) => {
          const [fewer, more] = [Math.min(a, b), Math.max(a, b)];
          const larger = names({ seed, budget: { candidates: more } });
          expect(new Set(larger).size).toBe(Math.min(more, all));
          expect(larger.slice(0, fewer)).toEqual(names({ seed, budget: { candidates: fewer } }));
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  test('draw from each family whatever the other families are', () => {
    const { linear: _, ...others } = searchOf().families;
    const ofCnn = (list: string[]) => list.filter((name) => name.startsWith('cnn'));
    const budget = { candidates: 100 };
    expect(ofCnn(names({ families: others, budget }))).toEqual(ofCnn(names({ budget })));
  });

  test('are called by what was chosen', () => {
    expect(names({ budget: { candidates: 100 } })).toEqual(
      expect.arrayContaining([
        'linear-w1000-binary-r0.01',
        'ffnn-h64-d2-p0.5-w1000-tf-idf-r0.001',
        'cnn-e8-f4-k3.4-p0.5-l20-w500-r0.0005',
      ]),
    );
  });

  test('train as long as their family says', () => {
    for (const { family, iterations, evaluateEvery } of drawCandidates(searchOf())) {
      expect([iterations, evaluateEvery]).toEqual(family === 'cnn' ? [1200, 100] : [900, 50]);
    }
  });
});
