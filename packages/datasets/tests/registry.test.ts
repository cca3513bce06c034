import { describe, expect, it } from 'vitest';
import { datasetNames, describeDataset, loadDataset } from '../src/index.js';
import { messageOf } from './support/sentence.js';

describe('the registry of datasets', () => {
  it('has each id once, MNIST first', () => {
    expect(datasetNames()[0]).toBe('mnist');
    expect(new Set(datasetNames()).size).toBe(datasetNames().length);
  });

  it.each(datasetNames())('states source and licence of %s', (id) => {
    const description = describeDataset(id);
    expect(description.id).toBe(id);
    expect(description.title).not.toBe('');
    expect(description.source).not.toBe('');
    expect(description.licence).not.toBe('');
  });

  it('names the nearest id for an unknown one', async () => {
    const expected = `unknown dataset "mnits": did you mean "mnist"? Known are ${datasetNames().join(', ')}.`;
    expect(await messageOf(() => describeDataset('mnits'))).toBe(expected);
    expect(await messageOf(() => loadDataset({ id: 'mnits', validation: 1, splitSeed: 0 }))).toBe(expected);
  });

  it('asks for options for text where there is text, and refuses them where there are images', async () => {
    const split = { validation: 1, splitSeed: 0 };
    expect(await messageOf(() => loadDataset({ id: 'reuters-46', ...split }))).toBe(
      'dataset reuters-46: expected options that say how its text becomes numbers, found none; give "text", for example { "kind": "bag", "words": 10000, "weights": "binary" }.',
    );
    const text = { kind: 'sequence', words: 10, length: 5 } as const;
    expect(await messageOf(() => loadDataset({ id: 'mnist', ...split, text }))).toBe(
      'dataset mnist: expected no options for text, since it holds images; remove "text".',
    );
  });

  it('does not take a name of every object for an id', async () => {
    expect(await messageOf(() => describeDataset('constructor'))).toContain('unknown dataset');
  });
});
