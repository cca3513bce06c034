import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestOfFamilies, ranked, type TrainedCandidate, trainedCandidate } from '../../src/search/ranking.js';
import { resultOf } from '../support/stages.js';

function candidate(run: string, accuracy: number, loss = 0.5, parameters = 100): TrainedCandidate {
  return {
    family: run.startsWith('c') ? 'cnn' : 'linear',
    ...{ name: run, run, choice: {}, validation: { accuracy, macroF1: 0.5, loss }, parameters },
    ...{ iteration: 100, stepMicros: 1, seconds: 1, trials: 1 },
  };
}

const order = (...candidates: TrainedCandidate[]) => ranked(candidates).map(({ run }) => run);

describe('candidates are ranked by', () => {
  test('validation accuracy first, whatever the loss', () => {
    expect(order(candidate('a', 0.8, 0.1), candidate('b', 0.9, 0.9))).toEqual(['b', 'a']);
  });

  test('validation loss where the accuracy is equal', () => {
    expect(order(candidate('a', 0.8, 0.5, 1), candidate('b', 0.8, 0.4, 2))).toEqual(['b', 'a']);
  });

  test('parameters where both are equal, the fewer first', () => {
    expect(order(candidate('a', 0.8, 0.5, 200), candidate('b', 0.8, 0.5, 100))).toEqual(['b', 'a']);
  });

  test('the same order, whichever training ended first', () => {
    const some = fc.record({ accuracy: fc.nat(2), loss: fc.nat(2), parameters: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (all, keys) => {
        const list = all.map((one, index) => candidate(`r${index}`, one.accuracy, one.loss, one.parameters));
        const shuffled = list
          .map((one) => ({ one, key: Number(keys.next().value) }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(ranked(shuffled)).toEqual(ranked(list));
      }),
      { seed: 1 },
    );
  });
});

test('the best of each family is chosen, best first', () => {
  const ranking = ranked([
    candidate('l1', 0.7),
    candidate('c1', 0.6),
    candidate('l2', 0.5),
    candidate('c2', 0.9),
  ]);
  expect(bestOfFamilies(ranking).map(({ run }) => run)).toEqual(['c2', 'l1']);
});

test('a candidate is the mean of its trials, and nothing of the test samples is in it', () => {
  const stages = [0.8, 0.9].map((validationAccuracy, index) => {
    const { manifest } = resultOf({ trial: index + 1, branch: 'iterative', level: 0 });
    const best = { ...manifest.metrics.best, validationAccuracy };
    return { ...manifest, metrics: { ...manifest.metrics, best } };
  });
  const about = { family: 'ffnn', name: 'n', run: 'r', choice: { hidden: 1 }, parameters: 7 } as const;
  const trained = trainedCandidate(about, stages);
  expect(trained).toMatchObject({ ...about, trials: 2, stepMicros: 870.5, seconds: 1.5, iteration: 100 });
  expect(trained.validation.accuracy).toBeCloseTo(0.85, 12);
  expect(JSON.stringify(trained)).not.toMatch(/test/i);
});
