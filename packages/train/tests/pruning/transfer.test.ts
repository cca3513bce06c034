import { tensor } from '@winning-tickets/onnx';
import { resolveNetwork, survivors } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { transferMasks } from '../../src/pruning/transfer.js';

const mask = (shape: readonly number[], values: readonly number[]) =>
  tensor('uint8', shape, Uint8Array.from(values));

const overWords = (words: number, classes: number) =>
  resolveNetwork({
    name: 'words',
    input: [words],
    layers: [{ kind: 'dense', units: 2 }, { kind: 'relu' }, { kind: 'dense', units: classes }],
  });

describe('masks from elsewhere', () => {
  const found = {
    masks: { 'fc1.weight': mask([3, 2], [1, 0, 0, 1, 0, 0]), 'fc2.weight': mask([2, 2], [1, 0, 0, 1]) },
    vocabulary: ['oil', 'wheat', 'the'],
  };

  test('go by word where rows belong to words, and by place where shapes are the same', () => {
    const masks = transferMasks(found, { network: overWords(3, 2), vocabulary: ['the', 'oil', 'wheat'] }, 1);
    expect(masks).toEqual({
      'fc1.weight': mask([3, 2], [0, 0, 1, 0, 0, 1]),
      'fc2.weight': found.masks['fc2.weight'],
    });
  });

  test('give words and outputs that the other side lacks weights at random, at the density that it has', () => {
    const vocabulary = ['oil', ...Array.from({ length: 300 }, (_, index) => `word${index}`)];
    const network = overWords(301, 50);
    const masks = transferMasks(found, { network, vocabulary }, 1);
    const { 'fc1.weight': first, 'fc2.weight': last } = masks;
    expect(first && Array.from(first.data.subarray(0, 2))).toEqual([1, 0]);
    expect(first && survivors(first)).toBe(1 + Math.round((600 * 2) / 6));
    expect(last && survivors(last)).toBe(50);
    expect(transferMasks(found, { network, vocabulary }, 1)).toEqual(masks);
    expect(transferMasks(found, { network, vocabulary }, 2)).not.toEqual(masks);
  });

  test('that are over no words transfer what has the same shape', () => {
    const images = {
      masks: {
        'fc1.weight': mask([4, 2], [1, 0, 0, 0, 0, 0, 0, 0]),
        'fc2.weight': mask([2, 3], [1, 1, 1, 0, 0, 0]),
      },
    };
    const masks = transferMasks(images, { network: overWords(80, 3), vocabulary: undefined }, 1);
    expect(masks['fc2.weight']).toEqual(images.masks['fc2.weight']);
    expect(masks['fc1.weight'] && survivors(masks['fc1.weight'])).toBe(20);
  });

  test('must have every layer', () => {
    const { 'fc1.weight': first } = found.masks;
    expect(() => transferMasks({ masks: { 'fc1.weight': first } }, { network: overWords(3, 2) }, 1)).toThrow(
      'the masks to transfer have none for fc2.weight of words, they have fc1.weight: ' +
        'transfer between networks with the same names of layers',
    );
  });
});
