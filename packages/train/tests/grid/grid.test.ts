import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGrid, parseGrid } from '../../src/grid/grid.js';
import { briefest } from '../experiments.js';

const gridOf = (grid: unknown) => parseGrid({ ...briefest, name: 'g', grid }, 'g.json');

describe('a grid', () => {
  test('is every combination of its values, in an experiment each', () => {
    const { name, cells } = gridOf({ 'pruning.criterion': ['magnitude', 'movement'], seed: [1, 2, 3] });
    expect(name).toBe('g');
    expect(cells.map(({ experiment: { pruning, seed } }) => [pruning.criterion, seed])).toEqual([
      ...[1, 2, 3].map((seed) => ['magnitude', seed]),
      ...[1, 2, 3].map((seed) => ['movement', seed]),
    ]);
    expect(cells.map(({ label }) => label).at(-1)).toBe('criterion=movement, seed=3');
    expect(cells.map(({ experiment }) => experiment.name).at(-1)).toBe('criterion.movement-seed.3');
    expect(cells[0]?.experiment).toMatchObject({ iterations: briefest.iterations, trials: briefest.trials });
  });

  test('has as many experiments as combinations, with names of their own that folders may have', () => {
    const seeds = fc.uniqueArray(fc.nat(10_000), { minLength: 1, maxLength: 4 });
    const rates = fc.uniqueArray(fc.double({ min: 1e-6, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(seeds, rates, (seed, rate) => {
        const optimizers = rate.map((each) => ({ kind: 'sgd', rate: each }));
        const { cells } = gridOf({ optimizer: optimizers, seed });
        expect(cells).toHaveLength(seed.length * rate.length);
        const names = cells.map(({ experiment }) => experiment.name);
        expect(new Set(names).size).toBe(names.length);
        for (const each of names) expect(each).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
      }),
    );
  });

  test('may list objects, and keys of objects', () => {
    const { cells } = gridOf({
      'optimizer.rate': [0.1, 0.01],
      branches: [[], [{ kind: 'random-mask', levels: [1] }]],
    });
    expect(cells.map(({ experiment }) => experiment.optimizer.rate)).toEqual([0.1, 0.1, 0.01, 0.01]);
    expect(cells.map(({ experiment }) => experiment.branches.length)).toEqual([0, 1, 0, 1]);
    expect(cells[1]?.experiment.name).toBe('rate.0.1-branches.2');
  });

  test('may make the objects on the way to a key, such as factors of layers', () => {
    const { cells } = gridOf({ 'optimizer.rateFactors.fc3': [1, 0.5] });
    expect(cells.map(({ experiment }) => experiment.optimizer.rateFactors)).toEqual([
      { fc3: 1 },
      { fc3: 0.5 },
    ]);
  });

  test('refuses what makes no experiment, and says which', () => {
    expect(() => gridOf({ 'pruning.criterion': ['magnitude', 'magic'] })).toThrow(
      /^g\.json, criterion=magic: .*pruning\.criterion/,
    );
    expect(() => gridOf({ 'pruning.rat': [0.1] })).toThrow(/g\.json, rat=0\.1.*rat/);
    expect(() => gridOf({ 'seed.deep': [1] })).toThrow("grid key 'seed.deep'");
    expect(() => gridOf({ seed: [1, 1] })).toThrow("a value of 'seed' twice");
    expect(() => gridOf({ name: ['a', 'b'] })).toThrow("grid lists 'name'");
    expect(() => gridOf({ '__proto__.polluted': [1] })).toThrow("'__proto__' is no key");
    expect(() => gridOf({})).toThrow('at least one key');
    expect(() => gridOf({ seed: [] })).toThrow('grid.seed');
    const many = Array.from({ length: 400 }, (_, index) => index);
    expect(() => gridOf({ seed: many, batchSize: many.map((size) => size + 1) })).toThrow(
      'shorten its lists',
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('is told from an experiment by its key', () => {
    expect([isGrid({ grid: {} }), isGrid(briefest), isGrid(null), isGrid([])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
