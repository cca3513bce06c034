import { sep } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { branchNames } from '../../src/lottery/branches/branch.js';
import { stageFolder, stageOfPath } from '../../src/store/stage-path.js';

test('a stage can be told from its folder', () => {
  const stages = fc.record({
    trial: fc.integer({ min: 1, max: 1000 }),
    branch: fc.constantFrom(...branchNames),
    level: fc.nat(1000),
  });
  fc.assert(
    fc.property(stages, (stage) => {
      expect(stageOfPath(stageFolder({ folder: '' }, stage).split(sep))).toEqual(stage);
    }),
    { seed: 1, numRuns: 100 },
  );
});

test.each([
  'trial-1',
  'trial-0/iterative/level-0',
  'trial-01/iterative/level-0',
  'trial-1/mine/level-0',
  'trial-1/iterative/level-0/more',
  '../iterative/level-0',
])('%s is not the folder of a stage', (path) => {
  expect(stageOfPath(path.split('/'))).toBeUndefined();
});
