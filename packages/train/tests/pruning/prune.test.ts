import { type Tensor, type Tensors, sizeOf, tensor } from '@winning-tickets/onnx';
import { type Masks, fullMask, survivors } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initializeParameters } from '../../src/initialize.js';
import { ladder } from '../../src/pruning/ladder.js';
import { prune, pruneTo } from '../../src/pruning/prune.js';
import { lenet, pruningOf, small } from '../networks.js';

const prunable = small.parameters.filter((parameter) => parameter.prunable);
const full: Masks = Object.fromEntries(prunable.map(({ name, shape }) => [name, fullMask(shape)]));

const initial = initializeParameters(small, 1, 'init');
const seed = [1, 'test'] as const;

// Weights of the small network: floats of either sign, or few whole numbers so that ties are common.
const values = fc.oneof(
  fc.constant(fc.float({ min: -1e3, max: 1e3, noNaN: true })),
  fc.constant(fc.integer({ min: -2, max: 2 })),
);
const weights: fc.Arbitrary<Tensors> = values.chain((value) =>
  fc
    .tuple(
      ...prunable.map(({ shape }) => fc.array(value, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })),
    )
    .map((arrays) =>
      Object.fromEntries(
        prunable.map(({ name, shape }, index) => [
          name,
          tensor('float32', shape, Float32Array.from(arrays[index] ?? [])),
        ]),
      ),
    ),
);
const prunings = fc.record({
  scope: fc.constantFrom('layer', 'global', 'erdos-renyi-kernel'),
  rate: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
  layerRates: fc.constantFrom({}, { fc3: 0.1 }, { fc1: 0 }),
});

const at = (tensors: Readonly<Record<string, Tensor>>, name: string): number[] =>
  [...(tensors[name]?.data ?? [])].map(Number);
const bits = (masks: Masks): number[] => prunable.flatMap(({ name }) => at(masks, name));

/** The masks of some rounds, each trained to other weights. */
async function rounds(
  trained: readonly Tensors[],
  changes: Parameters<typeof pruningOf>[0],
): Promise<Masks[]> {
  const pruning = pruningOf(changes);
  const masks = [full];
  for (const weight of trained) {
    masks.push(
      await prune({ trained: weight, initial, masks: masks.at(-1) ?? full, network: small, pruning, seed }),
    );
  }
  return masks;
}

describe('magnitude pruning', () => {
  test('leaves exactly as many weights as the ladder says, in every layer or in all together, with or without ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(weights, { minLength: 4, maxLength: 4 }),
        prunings,
        async (trained, changes) => {
          const counts = (await rounds(trained, changes)).map((masks) =>
            Object.fromEntries(
              prunable.map(({ name }) => [name, at(masks, name).filter((bit) => bit === 1).length]),
            ),
          );
          const levels = ladder(small, pruningOf({ ...changes, levels: 4 }));
          for (const { level, survivors: expected, total } of levels) {
            const found = counts[level] ?? {};
            expect(Object.values(found).reduce((sum, count) => sum + count, 0)).toBe(total);
            for (const [group, count] of Object.entries(expected)) {
              if (group !== 'global') expect(found[group]).toBe(count);
            }
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  test('never revives a weight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(weights, { minLength: 3, maxLength: 3 }),
        prunings,
        async (trained, changes) => {
          const masks = (await rounds(trained, changes)).map(bits);
          for (let round = 1; round < masks.length; round++) {
            expect(masks[round]?.every((bit, index) => bit <= (masks[round - 1]?.[index] ?? 0))).toBe(true);
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  test('keeps no weight smaller than one it prunes from the same layer', async () => {
    await fc.assert(
      fc.asyncProperty(weights, weights, async (first, second) => {
        const [, before = full, after = full] = await rounds([first, second], {});
        for (const { name } of prunable) {
          const magnitudes = at(second, name).map(Math.abs);
          const where = (test: (index: number) => boolean) => magnitudes.filter((_, index) => test(index));
          const kept = where((index) => at(after, name)[index] === 1);
          const pruned = where((index) => at(after, name)[index] === 0 && at(before, name)[index] === 1);
          expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(-Infinity, ...pruned));
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('across layers keeps no weight smaller than one it prunes from any of them', async () => {
    await fc.assert(
      fc.asyncProperty(weights, async (trained) => {
        const [, after = full] = await rounds([trained], { scope: 'global', layerRates: {} });
        const magnitudes = prunable.flatMap(({ name }) => at(trained, name).map(Math.abs));
        const kept = magnitudes.filter((_, index) => bits(after)[index] === 1);
        const pruned = magnitudes.filter((_, index) => bits(after)[index] === 0);
        expect(Math.min(...kept)).toBeGreaterThanOrEqual(Math.max(...pruned));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('does not depend on the scale or the signs of the weights', async () => {
    await fc.assert(
      fc.asyncProperty(weights, fc.nat(8), prunings, async (trained, exponent, changes) => {
        // A power of two, and not a smaller scale, so that rounding changes nothing.
        const scaled = mapWeights(trained, (data) => data.map((x) => -x * 2 ** exponent));
        expect(await rounds([scaled], changes)).toEqual(await rounds([trained], changes));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('within layers does not depend on the weights of the other layers', async () => {
    await fc.assert(
      fc.asyncProperty(weights, weights, async (trained, other) => {
        const mixed = { ...other, ...pick(trained, 'fc2.weight') };
        const [, masks = full] = await rounds([trained], {});
        const [, mixedMasks = full] = await rounds([mixed], {});
        expect(mixedMasks['fc2.weight']).toEqual(masks['fc2.weight']);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('of equal weights keeps the first', async () => {
    const equal = Object.fromEntries(
      prunable.map(({ name, shape }) => [
        name,
        tensor('float32', shape, new Float32Array(sizeOf(shape)).fill(0.5)),
      ]),
    );
    const [, masks = full] = await rounds([equal], { rate: 0.5, layerRates: {} });
    expect(at(masks, 'fc1.weight')).toEqual([...Array<number>(12).fill(1), ...Array<number>(12).fill(0)]);
    const [, global = full] = await rounds([equal], { rate: 0.5, layerRates: {}, scope: 'global' });
    expect(bits(global)).toEqual([...Array<number>(34).fill(1), ...Array<number>(35).fill(0)]);
  });

  test('leaves a layer of rate 0 as it is', async () => {
    const [, masks = full] = await rounds([initializeParameters(small, 1)], { layerRates: { fc2: 0 } });
    expect(masks['fc2.weight']).toEqual(full['fc2.weight']);
    expect(masks['fc1.weight']).not.toEqual(full['fc1.weight']);
  });

  test('takes LeNet-300-100 down the ladder of the paper', async () => {
    const pruning = pruningOf();
    const trained = initializeParameters(lenet, 1);
    const shapes = lenet.parameters.filter((parameter) => parameter.prunable);
    let masks: Masks = Object.fromEntries(shapes.map(({ name, shape }) => [name, fullMask(shape)]));
    for (const { survivors: expected } of ladder(lenet, pruning)) {
      const counts = Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, survivors(mask)]));
      expect(counts).toEqual(expected);
      masks = await prune({ trained, initial: trained, masks, network: lenet, pruning, seed });
    }
  });
});

describe('magnitude pruning to given counts', () => {
  test('leaves these counts, the largest magnitudes first', async () => {
    await fc.assert(
      fc.asyncProperty(weights, fc.integer({ min: 1, max: 24 }), async (trained, count) => {
        const counts = { 'fc1.weight': count, 'fc2.weight': 30, 'fc3.weight': 1 };
        const masks = await pruneTo(
          { trained, initial, masks: full, network: small, pruning: pruningOf(), seed },
          counts,
        );
        expect(Object.values(masks).map(survivors)).toEqual([count, 30, 1]);
        const [largest] = at(trained, 'fc3.weight')
          .map(Math.abs)
          .sort((a, b) => b - a);
        const kept = at(trained, 'fc3.weight')[at(masks, 'fc3.weight').indexOf(1)] ?? NaN;
        expect(Math.abs(kept)).toBe(largest);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test('cannot leave more weights than there are', async () => {
    const trained = initializeParameters(small, 1);
    const problem = { trained, initial, masks: full, network: small, pruning: pruningOf(), seed };
    await expect(pruneTo(problem, { 'fc1.weight': 25 })).rejects.toThrow('cannot select 25 of 24');
  });
});

describe('weights that cannot be pruned', () => {
  const trained = initializeParameters(small, 1);
  const pruned = (changes: { trained?: Tensors; masks?: Masks }) =>
    prune({ trained, initial, masks: full, network: small, pruning: pruningOf(), seed, ...changes });

  test.each([NaN, Infinity])('%d among the survivors is refused, naming the weight', async (value) => {
    const diverged = mapWeights(trained, (data) => data.with(7, value));
    await expect(pruned({ trained: diverged })).rejects.toThrow(
      'element 7 of fc1.weight is not a finite number after training',
    );
  });

  test('a parameter without weights, weights of another type, or no mask are refused, naming the parameter', async () => {
    await expect(pruned({ trained: {} })).rejects.toThrow(
      'the trained weights of fc1.weight as float32, found none',
    );
    const doubles = { ...trained, 'fc2.weight': tensor('float64', [6, 5], new Float64Array(30)) };
    await expect(pruned({ trained: doubles })).rejects.toThrow(
      'the trained weights of fc2.weight as float32, found float64',
    );
    await expect(pruned({ masks: pick(full, 'fc1.weight') })).rejects.toThrow(
      'a mask of fc2.weight, which is prunable',
    );
  });

  test('a mask of another shape than its weights is refused, naming the parameter', async () => {
    const masks = { ...full, 'fc3.weight': fullMask([5, 4]) };
    await expect(pruned({ masks })).rejects.toThrow(
      'the mask of fc3.weight must have the shape of its weights, [5, 3], found [5, 4]',
    );
  });
});

function mapWeights(tensors: Tensors, map: (data: Float32Array) => Float32Array): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [
      name,
      tensor(
        'float32',
        shape,
        name.endsWith('.weight') ? map(Float32Array.from(data, Number)) : Float32Array.from(data, Number),
      ),
    ]),
  );
}

function pick<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key === name));
}
