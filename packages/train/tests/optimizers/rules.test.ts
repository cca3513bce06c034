import { expect, test } from 'vitest';
import { parseOptimizer } from '../../src/optimizers/optimizer.js';
import { slotNames } from '../../src/optimizers/rules.js';

test('sgd keeps nothing per parameter, momentum its velocity, adam two moments', () => {
  const optimizers = [{ kind: 'sgd' }, { kind: 'momentum', momentum: 0.9 }, { kind: 'adam' }];
  const slots = optimizers.map((spec) => slotNames(parseOptimizer({ ...spec, rate: 0.1 }, 'here')));
  expect(slots).toEqual([[], ['velocity'], ['m', 'v']]);
});
