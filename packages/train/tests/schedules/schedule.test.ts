import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchPlan } from '../../src/batches.js';
import { experimentHash } from '../../src/experiment-hash.js';
import { rateFactor, scheduleSchema } from '../../src/schedules/schedule.js';
import { experimentOf } from '../experiments.js';

const iterations = 1000;
const factor = (schedule: unknown) => rateFactor(scheduleSchema.parse(schedule), { iterations });

const part = fc.oneof(
  fc.record({ kind: fc.constant('warmup'), steps: fc.integer({ min: 1, max: 500 }) }),
  fc.record({
    kind: fc.constant('step'),
    at: fc.array(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('cosine'), least: fc.double({ min: 0.01, max: 0.9, noNaN: true }) }),
);

describe('a schedule', () => {
  test('is a product: of no parts 1, of several what each gives, always above 0 and at most 1', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), fc.integer({ min: 0, max: 999 }), (parts, step) => {
        const all = factor(parts)(step);
        const each = parts.map((one) => factor([one])(step));
        expect(all).toBe(each.reduce((product, one) => product * one, 1));
        expect(all).toBeGreaterThan(0);
        expect(all).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('warms up in even steps and stays', () => {
    const of = factor([{ kind: 'warmup', steps: 4 }]);
    expect([0, 1, 2, 3, 4, 100].map(of)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
  });

  test('steps down from each of its steps on', () => {
    const of = factor([{ kind: 'step', at: [2, 4], factor: 0.5 }]);
    expect([0, 1, 2, 3, 4, 5].map(of)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
  });

  test('falls along a cosine: whole at first, in the middle half, at the end the least', () => {
    const of = factor([{ kind: 'cosine', least: 0.1 }]);
    expect(of(0)).toBe(1);
    expect(of(500)).toBeCloseTo(0.55, 12);
    expect(of(1000)).toBeCloseTo(0.1, 12);
  });

  test('gives the same rates however the training is cut into chunks', () => {
    const options = {
      seed: 1,
      samples: 100,
      batchSize: 10,
      rate: 0.5,
      factor: factor([{ kind: 'warmup', steps: 7 }]),
    };
    const whole = batchPlan({ ...options, from: 0, steps: 10 }).rates;
    const parts = [0, 3, 8].map(
      (from, index) => batchPlan({ ...options, from, steps: [3, 5, 2][index] ?? 0 }).rates,
    );
    expect(Float32Array.from(parts.flatMap((rates) => [...rates]))).toEqual(whole);
    expect(whole[0]).toBe(Math.fround(0.5 / 7));
    expect(whole[9]).toBe(0.5);
  });

  test('is none by default, which leaves the hash of experiments from before as it was', () => {
    const none = experimentHash(experimentOf(), 'data');
    expect(experimentOf().schedule).toBeUndefined();
    expect(experimentHash(experimentOf({ schedule: [] }), 'data')).toBe(none);
    const other = experimentOf({ schedule: [{ kind: 'cosine' }] });
    expect(experimentHash(other, 'data')).not.toBe(none);
  });

  test.each([
    [[{ kind: 'warmup' }], 'steps'],
    [[{ kind: 'step', at: [] }], 'at'],
    [[{ kind: 'exponential' }], 'kind'],
    [[{ kind: 'cosine', least: 1 }], 'least'],
  ])('is refused by the key that is wrong: %j', (schedule, key) => {
    expect(() => experimentOf({ schedule: schedule as never })).toThrow(
      new RegExp(`schedule\\[0\\]\\.${key}`),
    );
  });
});
