import { type Claim, evaluateClaims, parseExperiment } from '@winning-tickets/train';
import { expect, test } from 'vitest';
import { claimsCaption, claimsTable } from '../../src/render/claims-table.js';
import { manifest } from '../manifests.js';
import { tiny } from '../tickets.js';

const experiment = parseExperiment(tiny, 'tiny.json');
const stages = [1, 2, 3].flatMap((trial) => [
  manifest({ trial, branch: 'iterative', level: 0, density: 1, accuracy: 0.97, iteration: 1000 }),
  manifest({ trial, branch: 'iterative', level: 9, density: 0.1352, accuracy: 0.98, iteration: 500 }),
]);

const accurate: Claim = {
  id: 'accurate',
  statement: 'It is more accurate.',
  where: 'section 2',
  quantity: 'test-accuracy',
  branch: 'iterative',
  density: 0.211,
  against: 'dense',
  estimator: 'difference',
  direction: 'above',
  boundary: 0.005,
  tolerance: 0.001,
};
const early: Claim = {
  ...accurate,
  id: 'early',
  density: 0.135,
  quantity: 'early-stop-iteration',
  estimator: 'ratio-of-means',
  direction: 'within',
  boundary: 1,
  tolerance: 0.1,
};
const against: Claim = { ...accurate, id: 'control', against: 'one-shot' };

test('a claim has a row, with what was asked beside what was found, and a ratio one more', () => {
  const results = evaluateClaims({ experiment, stages }, [accurate, early, against]);
  const same = (value: string) => [`${value} [${value}, ${value}]`, `[${value}, ${value}]`];
  expect(claimsTable(results).rows).toEqual([
    ['accurate', '21.1 → 13.5 %', '3', '> 0.40', ...same('1.00'), 'holds'],
    ['early', '13.5 %', '3', '1.000 ± 0.100', ...same('0.500'), 'does not hold'],
    ['  as mean of ratios', '', '', '', ...same('0.500')],
    [
      'control',
      '21.1 %',
      '0',
      '> 0.40',
      '–',
      '–',
      'undecided: no trial has iterative and one-shot to compare',
    ],
  ]);
  const caption = claimsCaption(results);
  expect(caption).toContain('3 claims: holds 1, does not hold 1, undecided 1.');
  expect(caption).toContain('the second the nearest that was trained');
});
