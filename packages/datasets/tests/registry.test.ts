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
    const expected = 'unknown dataset "mnits": did you mean "mnist"? Known are mnist, fashion-mnist, idx.';
    expect(await messageOf(() => describeDataset('mnits'))).toBe(expected);
    expect(await messageOf(() => loadDataset({ id: 'mnits' }))).toBe(expected);
  });

  it('does not take a name of every object for an id', async () => {
    expect(await messageOf(() => describeDataset('constructor'))).toContain('unknown dataset');
  });
});
