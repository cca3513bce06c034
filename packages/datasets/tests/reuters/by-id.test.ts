import { describe, expect, it } from 'vitest';
import { describeDataset, loadDataset } from '../../src/index.js';
import { countOfEach, sizesOf } from '../support/text.js';

const given = {
  validation: 500,
  splitSeed: 0,
  text: { kind: 'sequence', words: 1_000, length: 50 },
} as const;

describe.each([
  { id: 'r8-by-id', classes: 8, train: 5_554, test: 2_323 },
  { id: 'r52-by-id', classes: 52, train: 6_635, test: 2_819 },
])('$id', ({ id, classes, train, test }) => {
  it('has the documents of one topic, those up to id 14818 for training', async () => {
    const dataset = await loadDataset({ id, ...given });
    expect(sizesOf(dataset)).toEqual([train, test]);
    expect(dataset.validation.labels.shape).toEqual([500]);
    expect(dataset.classNames).toHaveLength(classes);
    expect(dataset.classNames).toEqual(dataset.classNames.toSorted());
    expect(dataset).not.toHaveProperty('asPublished');
    expect(describeDataset(id)).toMatchObject({ classes, samples: { train, test } });
  });

  it('has every class on the sides for training and testing, and for validation where two are left', async () => {
    const dataset = await loadDataset({ id, ...given });
    const trained = countOfEach(dataset.train, classes);
    const validated = countOfEach(dataset.validation, classes);
    expect(Math.min(...trained)).toBeGreaterThanOrEqual(1);
    expect(Math.min(...countOfEach(dataset.test, classes))).toBeGreaterThanOrEqual(1);
    trained.forEach((count, label) => {
      if (count > 1) expect(validated[label]).toBeGreaterThanOrEqual(1);
    });
  });
});
