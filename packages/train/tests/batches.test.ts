import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchPlan, batchSource } from '../src/batches.js';
import { stream } from '../src/rng.js';

const sizes = fc.record({
  seed: fc.nat(),
  samples: fc.integer({ min: 1, max: 40 }),
  batchSize: fc.integer({ min: 1, max: 50 }),
});

describe('batches', () => {
  test('are the same however the steps are cut into chunks, and wherever a training is resumed', () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), (size, chunks) => {
        const options = { ...size, rate: 0.1 };
        const steps = chunks.reduce((sum, chunk) => sum + chunk, 0);
        const whole = batchPlan({ ...options, from: 0, steps });
        const source = batchSource(options);
        let from = 0;
        const cut: number[] = [];
        for (const chunk of chunks) {
          const plan = source(from, chunk);
          expect(plan).toEqual(batchPlan({ ...options, from, steps: chunk }));
          cut.push(...plan.indices.data);
          from += chunk;
        }
        expect(cut).toEqual([...whole.indices.data]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('visit every sample exactly once an epoch, with no sample dropped at its end', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 4 }), (size, epochs) => {
        const { samples, batchSize } = size;
        const steps = Math.ceil((samples * epochs) / batchSize);
        const { data } = batchPlan({ ...size, rate: 0.1, from: 0, steps }).indices;
        for (let epoch = 0; epoch < epochs; epoch++) {
          const visited = [...data.subarray(epoch * samples, (epoch + 1) * samples)];
          expect(visited.sort((a, b) => a - b)).toEqual([...Array(samples).keys()]);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('follow the permutation of each epoch, one after the other', () => {
    const { data } = batchPlan({ seed: 3, samples: 10, batchSize: 4, rate: 0.1, from: 0, steps: 5 }).indices;
    const epochs = [0, 1].flatMap((epoch) => [...stream(3, 'batches', epoch).permutation(10)]);
    expect([...data]).toEqual(epochs);
  });

  test('differ from epoch to epoch and from seed to seed', () => {
    const options = { seed: 1, samples: 100, batchSize: 100, rate: 0.1 };
    const first = batchPlan({ ...options, from: 0, steps: 1 }).indices;
    expect(batchPlan({ ...options, from: 1, steps: 1 }).indices).not.toEqual(first);
    expect(batchPlan({ ...options, seed: 2, from: 0, steps: 1 }).indices).not.toEqual(first);
  });

  test('come with the learning rate of each step', () => {
    const plan = batchPlan({ seed: 1, samples: 9, batchSize: 2, rate: 0.5, from: 7, steps: 3 });
    expect(plan.indices.shape).toEqual([3, 2]);
    expect([...plan.rates]).toEqual([0.5, 0.5, 0.5]);
  });
});

test('a plan without samples, with batches of no samples, or from a negative step is refused', () => {
  const options = { seed: 1, samples: 9, batchSize: 2, rate: 0.5, from: 0, steps: 1 };
  expect(() => batchPlan({ ...options, samples: 0 })).toThrow('number of training samples');
  expect(() => batchPlan({ ...options, batchSize: 0 })).toThrow('batch size');
  expect(() => batchPlan({ ...options, from: -1 })).toThrow('first step');
  expect(() => batchPlan({ ...options, steps: 1.5 })).toThrow('found 1.5');
});
