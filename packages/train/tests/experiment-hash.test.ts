import { describe, expect, test } from 'vitest';
import { experimentHash, withoutLaterDefaults } from '../src/experiment-hash.js';
import { briefest, experimentOf } from './experiments.js';

const checksum = 'c0ffee';
const hashOf = (changes: Parameters<typeof experimentOf>[0] = {}) =>
  experimentHash(experimentOf(changes), checksum);
const pruning = briefest.pruning;

describe('the hash of an experiment', () => {
  test('is what it has always been, so that old runs are found again', () => {
    // Never change this value: add the new key and its default to the list of later keys instead.
    expect(hashOf()).toBe('6b7456ba3abf');
  });

  test('is twelve hex digits', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{12}$/);
  });

  test('does not tell a default from the same value written out, or the order of the keys', () => {
    expect(hashOf({ threads: 1, dataset: { splitSeed: 0, validation: 5000, id: 'mnist' } })).toBe(hashOf());
  });

  test.each<[string, Parameters<typeof experimentOf>[0]]>([
    ['dataset.id', { dataset: { id: 'fashion-mnist' } }],
    ['dataset.validation', { dataset: { id: 'mnist', validation: 4000 } }],
    ['dataset.splitSeed', { dataset: { id: 'mnist', splitSeed: 1 } }],
    ['dataset.text', { dataset: { id: 'mnist', text: { kind: 'sequence', words: 100, length: 20 } } }],
    ['network', { network: { name: 'n', input: [4], layers: [{ kind: 'dense', name: 'fc3', units: 99 }] } }],
    ['threads', { threads: 2 }],
    ['compact', { compact: false }],
    ['optimizer', { optimizer: { kind: 'adam', rate: 0.0012, beta1: 0.8 } }],
    ['rateFactors', { optimizer: { kind: 'adam', rate: 0.0012, rateFactors: { fc3: 0.5 } } }],
    ['batchSize', { batchSize: 61 }],
    ['iterations', { iterations: 3001 }],
    ['evaluateEvery', { evaluateEvery: 50 }],
    ['pruning.scope', { pruning: { ...pruning, scope: 'global' } }],
    ['pruning.rate', { pruning: { ...pruning, rate: 0.21 } }],
    ['pruning.layerRates', { pruning: { ...pruning, layerRates: {} } }],
    ['modules', { modules: [{ file: '/somewhere/mish.mjs', sha256: 'ab'.repeat(32) }] }],
    ['pruning.kindRates', { pruning: { ...pruning, kindRates: { dense: 0.3 } } }],
    ['pruning.later', { pruning: { ...pruning, later: [{ from: 3, criterion: 'units', rate: 0.5 }] } }],
    ['seed', { seed: 2 }],
  ])('changes with %s, which changes results', (_key, changes) => {
    expect(hashOf(changes)).not.toBe(hashOf());
  });

  test('does not change with where a module lies', () => {
    const at = (file: string) => hashOf({ modules: [{ file, sha256: 'ab'.repeat(32) }] });
    expect(at('/here/mish.mjs')).toBe(at('/there/other.mjs'));
  });

  test('changes with the data', () => {
    expect(experimentHash(experimentOf(), 'decaf')).not.toBe(hashOf());
  });

  test.each<[string, Parameters<typeof experimentOf>[0]]>([
    ['name', { name: 'other' }],
    ['dataset.directory', { dataset: { id: 'mnist', directory: '/data' } }],
    ['trials', { trials: 5 }],
    ['pruning.levels', { pruning: { ...pruning, levels: 20 } }],
    ['branches', { branches: [{ kind: 'random-reinit', levels: [3] }] }],
  ])('does not change with %s, which changes no result of any stage', (_key, changes) => {
    expect(hashOf(changes)).toBe(hashOf());
  });
});

describe('a key that was added later', () => {
  const later = [{ path: ['pruning', 'rewind'], value: 0 }];

  test('is left out of the hash when it has the value of before', () => {
    const value = { seed: 1, pruning: { rate: 0.2, rewind: 0 } };
    expect(withoutLaterDefaults(value, later)).toEqual({ seed: 1, pruning: { rate: 0.2 } });
  });

  test('is hashed when it has another value', () => {
    const value = { seed: 1, pruning: { rate: 0.2, rewind: 500 } };
    expect(withoutLaterDefaults(value, later)).toEqual(value);
  });

  test('need not be there', () => {
    expect(withoutLaterDefaults({ seed: 1 }, later)).toEqual({ seed: 1 });
    expect(withoutLaterDefaults({ pruning: {} }, later)).toEqual({ pruning: {} });
  });
});
