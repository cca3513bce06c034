import { sizeOf, tensor } from '@winning-tickets/onnx';
import type { Tensors } from '@winning-tickets/onnx';
import type { Masks, Network } from '@winning-tickets/ticket';
import {
  applyMasks,
  compactNetwork,
  liveStructure,
  namedNetwork,
  resolveNetwork,
  survivors,
  fullMasks,
} from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveExperiment } from '../../src/experiment.js';
import { initialBuffers, initializeParameters } from '../../src/initialize.js';
import { criteria, criterionNames } from '../../src/pruning/criteria/registry.js';
import type { CriterionName } from '../../src/pruning/criteria/registry.js';
import { itemsOf } from '../../src/pruning/items.js';
import { ladder } from '../../src/pruning/ladder.js';
import { prune, pruneTo } from '../../src/pruning/prune.js';
import { stream } from '../../src/rng.js';
import { pruningOf, scoringOf, small } from '../networks.js';

const convolutions: Network = resolveNetwork({
  name: 'convolutions',
  input: [2, 6, 6],
  layers: [
    { kind: 'conv2d', filters: 4, kernel: 3 },
    { kind: 'relu' },
    { kind: 'conv2d', filters: 5, kernel: 3 },
    { kind: 'flatten' },
    { kind: 'dense', units: 3 },
  ],
});
const networks = [small, convolutions];

/** Weights as a training might leave them; whole numbers where there shall be ties. */
function trainedOf(network: Network, seed: number, ties: boolean): Tensors {
  const random = stream(seed, 'trained');
  return Object.fromEntries(
    network.parameters.map(({ name, shape }) => {
      const draw = () => (ties ? random.integer(3) - 1 : random.normal());
      return [name, tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, draw))];
    }),
  );
}

/** The masks of levels 0 to `levels`, each trained to other weights. */
async function levelsOf(
  network: Network,
  criterion: CriterionName,
  seed: number,
  ties: boolean,
  rate: number,
): Promise<Masks[]> {
  const pruning = pruningOf({ criterion, rate, layerRates: {}, levels: 3 });
  const masks = [fullMasks(network)];
  const initial = initializeParameters(network, seed, 'init');
  const scoring = scoringOf(network, seed);
  for (let level = 1; level <= pruning.levels; level++) {
    const before = masks.at(-1) ?? {};
    const trained = applyMasks(trainedOf(network, seed + level, ties), before);
    const round = {
      trained,
      initial,
      masks: before,
      network,
      pruning,
      scoring,
      seed: [seed, level],
    } as const;
    masks.push(await prune(round));
  }
  return masks;
}

describe.each(criterionNames)('the criterion %s', (criterion) => {
  // Scores at initialisation take a session of the runtime each.
  const runs = criteria[criterion].at === 'end' ? 40 : 6;
  const cases = fc.tuple(
    fc.constantFrom(...networks),
    fc.nat(1e6),
    fc.boolean(),
    fc.double({ min: 0.05, max: 0.6, noNaN: true }),
  );

  test('leaves exactly as many weights as the ladder says, of weights that were left', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([network, seed, ties, rate]) => {
        const masks = await levelsOf(network, criterion, seed, ties, rate);
        const rungs = ladder(network, pruningOf({ criterion, rate, layerRates: {}, levels: 3 }));
        masks.forEach((found, level) => {
          for (const [name, mask] of Object.entries(found)) {
            expect(survivors(mask)).toBe(rungs[level]?.survivors[name]);
            const before = masks[level - 1]?.[name];
            if (before) expect(mask.data.every((bit, index) => bit <= (before.data[index] ?? 0))).toBe(true);
          }
        });
      }),
      { seed: 1, numRuns: runs },
    );
  });

  test('prunes whole items', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ([network, seed, ties, rate]) => {
        const last = (await levelsOf(network, criterion, seed, ties, rate)).at(-1) ?? {};
        for (const parameter of network.parameters) {
          const mask = last[parameter.name];
          if (!mask || survivors(mask) === mask.data.length) continue;
          const items = itemsOf(parameter, criteria[criterion].items);
          const ofItem = new Map<number, Set<number>>();
          mask.data.forEach((bit, index) => {
            const item = items?.of(index) ?? NaN;
            ofItem.set(item, (ofItem.get(item) ?? new Set()).add(bit));
          });
          expect(ofItem.size).toBe(items?.count);
          for (const bits of ofItem.values()) expect(bits.size).toBe(1);
        }
      }),
      { seed: 1, numRuns: runs / 2 },
    );
  });

  test('gives the same masks from the same seed', async () => {
    const once = () => levelsOf(small, criterion, 7, false, 0.3);
    expect(await once()).toEqual(await once());
  });

  test('names a weight that is not finite', async () => {
    const broken = (weights: Tensors): Tensors => {
      const { 'fc1.weight': first } = weights;
      if (!first) throw new Error('the small network has no fc1');
      const data = Float32Array.from(first.data as Float32Array).fill(NaN, 3, 4);
      return { ...weights, 'fc1.weight': { ...first, data } };
    };
    const initial = initializeParameters(small, 1, 'init');
    const trained = trainedOf(small, 1, false);
    const { at } = criteria[criterion];
    const pruned = prune({
      initial: at === 'end' ? initial : broken(initial),
      trained: at === 'end' ? broken(trained) : trained,
      masks: fullMasks(small),
      network: small,
      pruning: pruningOf({ criterion }),
      scoring: scoringOf(small, 1),
      seed: [1],
    });
    // Chance looks at no weights.
    if (criterion === 'random') await expect(pruned).resolves.toBeDefined();
    // All paths that a score at initialisation looks at lead through that weight, or end in its layer.
    else if (at === 'initialization')
      await expect(pruned).rejects.toThrow(/score of element \d of fc1.weight/);
    else await expect(pruned).rejects.toThrow('element 3 of fc1.weight is not a finite number');
  });
});

type TrainedName = {
  [name in CriterionName]: (typeof criteria)[name]['at'] extends 'end' ? name : never;
}[CriterionName];

describe('scores', () => {
  const of = (criterion: TrainedName, trained: number[], initial: number[]) =>
    Array.from(
      criteria[criterion].scores({
        trained: Float32Array.from(trained),
        initial: Float32Array.from(initial),
        random: stream(1),
      }),
    );

  test('are what the papers say', () => {
    const [trained, initial] = [
      [2, -3, 0.5, -1],
      [1, 1, -0.5, -4],
    ];
    expect(of('magnitude', trained, initial)).toEqual([2, 3, 0.5, 1]);
    expect(of('movement', trained, initial)).toEqual([1, 4, 1, 3]);
    expect(of('magnitude-increase', trained, initial)).toEqual([1, 2, 0, -3]);
    expect(of('same-sign', trained, initial)).toEqual([2, -3, -0.5, 1]);
  });
});

describe('whole units', () => {
  test('leave a network that is smaller and computes the same', async () => {
    for (const network of networks) {
      const masks = (await levelsOf(network, 'units', 3, false, 0.4)).at(-1) ?? {};
      const values = { ...applyMasks(trainedOf(network, 9, false), masks), ...initialBuffers(network) };
      const { units } = liveStructure(network, values);
      const layers = Object.entries(units);
      // Every hidden layer has lost some, the output none.
      for (const [, { live, total }] of layers.slice(0, -1)) expect(live).toBeLessThan(total);
      const [, output] = layers.at(-1) ?? [];
      expect(output?.live).toBe(output?.total);
      const { parameters } = compactNetwork(network, values);
      const count = (tensors: Tensors) =>
        Object.values(tensors).reduce((sum, { data }) => sum + data.length, 0);
      expect(count(parameters)).toBeLessThan(count(values));
    }
  });

  test('and flows are refused for layers that have none, by name', () => {
    const experiment = {
      ...{
        name: 'words',
        network: 'text-cnn',
        optimizer: { kind: 'sgd', rate: 1 } as const,
        trials: 1,
        seed: 1,
      },
      ...{ dataset: { id: 'mnist' } as const, batchSize: 1, iterations: 1, evaluateEvery: 1 },
    };
    const network = namedNetwork('text-cnn', [20], 4, 50);
    const of = (criterion: CriterionName) =>
      resolveExperiment({ ...experiment, network, pruning: { criterion, rate: 0.5, levels: 1 } });
    expect(() => of('units')).toThrow("'units' prunes units of dense layers and convolutions, but embedding");
    expect(() => of('synflow')).toThrow(
      "'synflow' cannot score text-cnn, which takes indices of words, and an input of ones says nothing of them",
    );
    expect(() => of('snip')).not.toThrow();
    expect(() => of('magnitude')).not.toThrow();
  });
});

describe('SynFlow', () => {
  const deep = resolveNetwork({
    name: 'deep',
    input: [10],
    layers: [
      ...[40, 40, 40, 5, 5, 40, 40, 40].flatMap((units) => [{ kind: 'dense', units }, { kind: 'relu' }]),
      { kind: 'dense', units: 3 },
    ],
  });

  // Theorem 3 of the paper: a layer goes only where no weight is left that could go instead.
  test('leaves weights in every layer, where one round of scores would leave none in some', async () => {
    const emptied = async (criterion: CriterionName, seed: number) => {
      const masks = await pruneTo(
        {
          trained: {},
          initial: initializeParameters(deep, seed, 'init'),
          masks: fullMasks(deep),
          network: deep,
          pruning: pruningOf({ criterion, scope: 'global', layerRates: {} }),
          scoring: scoringOf(deep, seed),
          seed: [seed],
        },
        { global: 15 },
      );
      return Object.values(masks).filter((mask) => survivors(mask) === 0).length;
    };
    for (const seed of [1, 2, 3]) {
      expect(await emptied('synflow', seed)).toBe(0);
      expect(await emptied('snip', seed)).toBeGreaterThan(0);
    }
  });
});
