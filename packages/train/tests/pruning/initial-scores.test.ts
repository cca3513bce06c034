import { readFileSync } from 'node:fs';
import type { Tensors } from '@winning-tickets/onnx';
import { float32, sizeOf, tensor } from '@winning-tickets/onnx';
import type { Masks, NetworkSpec } from '@winning-tickets/ticket';
import { resolveNetwork, fullMasks } from '@winning-tickets/ticket';
import { describe, expect, test } from 'vitest';
import { initializeParameters } from '../../src/initialize.js';
import { criteria } from '../../src/pruning/criteria/registry.js';
import { openScorer } from '../../src/pruning/initial-scores.js';
import { scoringOf, small } from '../networks.js';

type Numbers = Readonly<Record<string, readonly number[]>>;
type InitialName = 'snip' | 'grasp' | 'synflow';

/** What PyTorch makes of the scores of a network; see `make_score_fixtures.py`. */
interface Fixture {
  readonly network: NetworkSpec;
  readonly inputs: readonly number[];
  readonly labels: readonly number[];
  readonly values: Numbers;
  readonly masks: Readonly<Record<string, Numbers>>;
  readonly cases: readonly {
    readonly criterion: InitialName;
    readonly mask: string;
    readonly scores: Numbers;
  }[];
}

const { networks: fixtures } = JSON.parse(
  readFileSync(new URL('../fixtures/pytorch/scores.json', import.meta.url), 'utf8'),
) as { networks: Fixture[] };

/** What float32 may differ by, as a share of a parameter's largest score. */
const tolerances: Readonly<Record<InitialName, number>> = { snip: 1e-5, grasp: 5e-5, synflow: 1e-5 };

const cases = fixtures.flatMap((fixture) =>
  fixture.cases.map((one) => [one.criterion, fixture.network.name, one.mask, fixture, one.scores] as const),
);

describe.each(cases)('scores of %s of a %s network, %s', (name, _network, mask, fixture, expected) => {
  test('are those of PyTorch', async () => {
    const network = resolveNetwork(fixture.network);
    const shapes = new Map(network.parameters.map((one) => [one.name, one.shape]));
    const shaped = (key: string) => shapes.get(key) ?? [];
    const initial: Tensors = Object.fromEntries(
      Object.entries(fixture.values).map(([key, values]) => [key, float32(values, shaped(key))]),
    );
    const masks: Masks = Object.fromEntries(
      Object.entries(fixture.masks[mask] ?? {}).map(([key, bits]) => [
        key,
        tensor('uint8', shaped(key), Uint8Array.from(bits)),
      ]),
    );
    const count = fixture.labels.length;
    const inputs = tensor('uint8', [count, ...network.inputShape], Uint8Array.from(fixture.inputs));
    const labels = tensor('int32', [count], Int32Array.from(fixture.labels));
    // All samples are drawn, in some order.
    const scoring = { train: { inputs, labels }, inputScale: 1 / 255, threads: 1 };
    const scorer = await openScorer(criteria[name], network, scoring, [1]);
    const scores = await scorer.scores(initial, masks);
    await scorer.dispose();

    expect(Object.keys(scores)).toEqual(Object.keys(expected));
    // GraSP's paper scores what is to go, a criterion what is to stay.
    const sign = name === 'grasp' ? -1 : 1;
    for (const [key, values] of Object.entries(expected)) {
      const largest = Math.max(...values.map(Math.abs));
      const error = Math.max(
        ...values.map((value, at) => Math.abs(value * sign - (scores[key]?.[at] ?? NaN))),
      );
      expect(largest).toBeGreaterThan(0);
      expect(error / largest, key).toBeLessThan(tolerances[name]);
    }
  });
});

describe('scores at initialisation', () => {
  const scoresOf = async (name: InitialName, seed: number, scoring = scoringOf(small, 1)) => {
    const scorer = await openScorer(criteria[name], small, scoring, [seed]);
    const scores = await scorer.scores(initializeParameters(small, 1, 'init'), fullMasks(small));
    await scorer.dispose();
    return scores;
  };

  test.each(['snip', 'grasp'] as const)('of %s are of the samples that the seed draws', async (name) => {
    expect(await scoresOf(name, 1)).toEqual(await scoresOf(name, 1));
    expect(await scoresOf(name, 2)).not.toEqual(await scoresOf(name, 1));
  });

  test('of SynFlow depend on no data', async () => {
    expect(await scoresOf('synflow', 2, scoringOf(small, 2))).toEqual(await scoresOf('synflow', 1));
  });

  test('of SynFlow are conserved: every layer has the same sum', async () => {
    const scores = await scoresOf('synflow', 1);
    const sums = Object.values(scores).map((layer) => layer.reduce((sum, score) => sum + score, 0));
    for (const sum of sums) expect(sum / (sums[0] ?? 0)).toBeCloseTo(1, 5);
  });

  test('of sparse samples are those of the same samples written out', async () => {
    const dense = scoringOf(small, 3);
    const { inputs } = dense.train;
    if ('offsets' in inputs) throw new Error('these are dense');
    const [count = 0, width = 0] = inputs.shape;
    const values = Float32Array.from(inputs.data, Number);
    const sparse = {
      layout: 'sparse' as const,
      dtype: 'float32' as const,
      shape: [count, width] as const,
      offsets: Int32Array.from({ length: count + 1 }, (_, row) => row * width),
      indices: Int32Array.from({ length: sizeOf(inputs.shape) }, (_, index) => index % width),
      values,
    };
    const scoring = { ...dense, train: { ...dense.train, inputs: sparse } };
    expect(await scoresOf('snip', 1, scoring)).toEqual(await scoresOf('snip', 1, dense));
  });

  const dropout = resolveNetwork({
    name: 'dropout',
    input: [4],
    layers: [
      { kind: 'dense', units: 6 },
      { kind: 'dropout', rate: 0.5 },
      { kind: 'dense', units: 3 },
    ],
  });
  const words = resolveNetwork({
    name: 'words',
    input: [20],
    layers: [
      { kind: 'embedding', vocabulary: 50, size: 3 },
      { kind: 'conv1d', filters: 4, kernel: 2 },
      { kind: 'globalmaxpool' },
      { kind: 'dense', units: 4 },
    ],
  });
  const text = scoringOf(words, 1);
  const numbers = Int32Array.from({ length: 60 * 20 }, (_, at) => (at * 7) % 50);
  const sets = {
    dtype: 'uint8' as const,
    shape: [60, 3],
    data: Uint8Array.from({ length: 180 }, (_, at) => at % 2),
  };

  test.each([
    ['with dropout', dropout, scoringOf(dropout, 1)],
    ['over words', words, { ...text, train: { ...text.train, inputs: tensor('int32', [60, 20], numbers) } }],
    [
      'for sets of classes',
      small,
      { ...scoringOf(small, 1), train: { ...scoringOf(small, 1).train, labels: sets } },
    ],
  ])('are there for a network %s, the same again from the same seed', async (_title, network, scoring) => {
    const initial = initializeParameters(network, 1, 'init');
    const once = async (name: InitialName) => {
      const scorer = await openScorer(criteria[name], network, scoring, [1]);
      const scores = await scorer.scores(initial, fullMasks(network));
      await scorer.dispose();
      return scores;
    };
    for (const name of ['snip', 'grasp'] as const) {
      const scores = await once(name);
      expect(scores).toEqual(await once(name));
      for (const [key, values] of Object.entries(scores)) {
        expect(values.length, key).toBe(initial[key]?.data.length);
        expect(values.every(Number.isFinite), key).toBe(true);
        expect(
          values.some((score) => score !== 0),
          key,
        ).toBe(true);
      }
    }
  });
});
