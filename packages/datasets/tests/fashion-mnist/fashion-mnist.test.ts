import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/index.js';
import { folderWith, tinyFiles } from '../support/idx.js';
import { messageOf } from '../support/sentence.js';

const split = { validation: 1, splitSeed: 0 };

describe('Fashion-MNIST', () => {
  it('has its own ten class names', async () => {
    const directory = await folderWith(tinyFiles());
    const { id, classNames } = await loadDataset({ id: 'fashion-mnist', directory, ...split });
    expect(id).toBe('fashion-mnist');
    expect(classNames).toHaveLength(10);
    expect(classNames[0]).toBe('T-shirt/top');
    expect(classNames[9]).toBe('Ankle boot');
  });

  it('is refused with a label that has no name', async () => {
    const directory = await folderWith(tinyFiles({ trainLabels: [0, 10] }));
    expect(await messageOf(() => loadDataset({ id: 'fashion-mnist', directory, ...split }))).toContain(
      'label 10 of sample 1 is outside the 10 classes',
    );
  });

  it('asks for a folder', async () => {
    expect(await messageOf(() => loadDataset({ id: 'fashion-mnist', ...split }))).toBe(
      'dataset fashion-mnist: its files are not installed along; give the folder that holds them (--data-dir).',
    );
  });
});
