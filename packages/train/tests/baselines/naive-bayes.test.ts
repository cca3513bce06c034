import { readFileSync } from 'node:fs';
import type { SparseInputs } from '@winning-tickets/datasets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  jointLogLikelihoods,
  learnNaiveBayes,
  naiveBayesClassifier,
} from '../../src/baselines/naive-bayes.js';
import { agreement } from '@winning-tickets/ticket';
import { bags, labelsOf } from './bags.js';

interface Rows {
  readonly offsets: number[];
  readonly indices: number[];
  readonly values: number[];
  readonly labels: number[];
}

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/scikit-learn/naive_bayes.json', import.meta.url), 'utf8'),
) as {
  readonly words: number;
  readonly classes: number;
  readonly train: Rows;
  readonly test: Rows;
  readonly models: {
    readonly alpha: number;
    readonly logPriors: number[];
    readonly logLikelihoods: number[];
    readonly jointLogLikelihoods: number[];
    readonly predictions: number[];
    readonly accuracy: number;
    readonly macroF1: number;
  }[];
};

function side({ offsets, indices, values, labels }: Rows) {
  const inputs: SparseInputs = {
    layout: 'sparse',
    dtype: 'float32',
    shape: [labels.length, fixture.words],
    offsets: Int32Array.from(offsets),
    indices: Int32Array.from(indices),
    values: Float32Array.from(values),
  };
  return { inputs, labels: labelsOf(labels) };
}

function largestDifference(found: Float64Array, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...found.map((value, index) => Math.abs(value - (expected[index] ?? NaN))));
}

describe.each(fixture.models)('multinomial naive Bayes with alpha $alpha', (expected) => {
  const model = learnNaiveBayes(side(fixture.train), fixture.classes, expected.alpha);
  const { inputs, labels } = side(fixture.test);

  test("has scikit-learn's probabilities", () => {
    expect(largestDifference(model.logPriors, expected.logPriors)).toBeLessThan(1e-12);
    expect(largestDifference(model.logLikelihoods, expected.logLikelihoods)).toBeLessThan(1e-12);
    expect(largestDifference(jointLogLikelihoods(model, inputs), expected.jointLogLikelihoods)).toBeLessThan(
      1e-11,
    );
  });

  test("gives each document scikit-learn's class", () => {
    const predictions = naiveBayesClassifier(model)(inputs);
    expect([...predictions]).toEqual(expected.predictions);
    const data = { dtype: 'int32', shape: labels.shape, data: predictions } as const;
    const { accuracy, macroF1 } = agreement(data, labels, fixture.classes);
    expect(accuracy).toBe(expected.accuracy);
    expect(macroF1).toBeCloseTo(expected.macroF1, 12);
  });
});

test('the formula, by hand: two classes, three words', () => {
  const inputs = bags(
    [
      [[0, 2]],
      [
        [0, 1],
        [1, 1],
      ],
      [[2, 3]],
    ],
    3,
  );
  const { logPriors, logLikelihoods } = learnNaiveBayes({ inputs, labels: labelsOf([0, 0, 1]) }, 2);
  const expected = (numbers: number[]) => numbers.map((value) => expect.closeTo(value, 12) as number);
  expect([...logPriors].map(Math.exp)).toEqual(expected([2 / 3, 1 / 3]));
  // Class 0 has the counts 3, 1, 0; class 1 has 0, 0, 3.
  expect([...logLikelihoods].map(Math.exp)).toEqual(expected([4 / 7, 1 / 6, 2 / 7, 1 / 6, 1 / 7, 4 / 6]));
});

test('a class without training samples is never given', () => {
  const model = learnNaiveBayes({ inputs: bags([[[0, 1]], []], 2), labels: labelsOf([0, 2]) }, 3);
  expect(model.logPriors[1]).toBe(-Infinity);
  expect([...naiveBayesClassifier(model)(bags([[[1, 5]], [], [[0, 9]]], 2))]).not.toContain(1);
});

test('the probabilities of the words sum to one in every class, whatever the documents', () => {
  const row = fc.uniqueArray(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 })), {
    selector: ([word]) => word,
    maxLength: 6,
  });
  const documents = fc.array(fc.tuple(row, fc.nat(2)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(documents, (all) => {
      const inputs = bags(
        all.map(([words]) => words.toSorted(([a], [b]) => a - b)),
        6,
      );
      const { logLikelihoods } = learnNaiveBayes({ inputs, labels: labelsOf(all.map(([, own]) => own)) }, 3);
      for (let own = 0; own < 3; own++) {
        const shares = logLikelihoods.filter((_, index) => index % 3 === own).map(Math.exp);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }
    }),
    { seed: 1 },
  );
});
