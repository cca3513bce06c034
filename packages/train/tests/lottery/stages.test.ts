import { describe, expect, test } from 'vitest';
import { branchOf } from '../../src/lottery/branches/branches.js';
import { estimate, stagesOf } from '../../src/lottery/stages.js';
import { experimentOf } from '../experiments.js';
import { lenet } from '../networks.js';

const experiment = experimentOf({
  pruning: { rate: 0.2, layerRates: { fc3: 0.1 }, levels: 3 },
  branches: [
    { kind: 'random-reinit', levels: [1, 3] },
    { kind: 'random-mask', levels: [3] },
    { kind: 'one-shot', levels: [2] },
  ],
});
const key = (stage: object) => JSON.stringify(Object.entries(stage).sort());

describe('the stages of an experiment', () => {
  test('are the iterative levels and the controls, of every trial', () => {
    const text = stagesOf(experiment).map(({ trial, branch, level }) => `${trial} ${branch} ${level}`);
    const once = [
      'iterative 0',
      'iterative 1',
      'random-reinit 1',
      'iterative 2',
      'one-shot 2',
      'iterative 3',
      'random-reinit 3',
      'random-mask 3',
    ];
    expect(text).toEqual([1, 2].flatMap((trial) => once.map((stage) => `${trial} ${stage}`)));
  });

  test('come after all that they need', () => {
    const done = new Set<string>();
    for (const stage of stagesOf(experiment)) {
      for (const needed of branchOf(stage.branch).needs(stage.level)) {
        expect(done).toContain(key({ trial: stage.trial, ...needed }));
      }
      done.add(key(stage));
    }
    expect(done.size).toBe(16);
  });
});

test('an estimate says how many trainings, steps and weights an experiment has', () => {
  expect(estimate(experiment, lenet)).toEqual({
    stages: 16,
    steps: 16 * 3000,
    parameters: 266_610,
    prunable: 266_200,
    survivors: 120_422 + 15_360 + 729,
    density: (120_422 + 15_360 + 729) / 266_200,
    // 16 tickets of three float32 per parameter and a mask byte per weight, and a checkpoint of parameters, best and two slots.
    bytes: 16 * (12 * 266_610 + 266_200) + 16 * 266_610,
  });
});
