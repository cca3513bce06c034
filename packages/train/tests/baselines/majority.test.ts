import { expect, test } from 'vitest';
import { majorityClass } from '../../src/baselines/majority.js';
import { bags, labelsOf } from './bags.js';

const inputs = bags([[], [], [], []], 1);

test('the majority class is the most frequent of the training samples, whatever the sample', () => {
  const predictions = majorityClass({ inputs, labels: labelsOf([2, 0, 2, 1]) }, 4)(bags([[[0, 1]], []], 1));
  expect([...predictions]).toEqual([2, 2]);
});

test('of equally frequent classes the first', () => {
  expect([...majorityClass({ inputs, labels: labelsOf([3, 1, 3, 1]) }, 4)(inputs)]).toEqual([1, 1, 1, 1]);
});
