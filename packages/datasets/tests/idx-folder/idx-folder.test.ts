import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/index.js';
import { folderWith, tinyFiles } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';

const split = { validation: 1, splitSeed: 0 };

describe("a dataset of the user's own", () => {
  it('is named idx, whatever it holds', async () => {
    const directory = await folderWith(tinyFiles({ trainLabels: [3, 1] }));
    const dataset = await loadDataset({ id: 'idx', directory, ...split });
    expect(dataset.id).toBe('idx');
    expect(dataset.classNames).toEqual(['0', '1', '2', '3']);
  });

  it('asks for a folder', async () => {
    expect(await messageOf(() => loadDataset({ id: 'idx', ...split }))).toContain(
      'give the folder that holds them',
    );
  });
});
