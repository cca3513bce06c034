import { describe, expect, it } from 'vitest';
import { compareDraws } from '../src/compare.js';
import type { TimedDraw } from '../src/compare.js';
import { randomStream } from '../src/random.js';
import type { RandomStream } from '../src/random.js';
import { summarize } from '../src/statistics.js';

/** A normally distributed number (Box and Muller 1958). */
const normal = (random: RandomStream) =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());

interface Truth {
  /** Of the model to the one that it is compared with, in this draw. */
  readonly ratio: number;
  readonly blocks: number;
}

/** What a machine might give of one draw: blocks that spread by 2 %, whatever is in them. */
function drawOf({ ratio, blocks }: Truth, random: RandomStream): TimedDraw {
  const lane = (micros: number) => {
    const samplesMicros = Array.from({ length: blocks }, () => {
      const block = micros * Math.exp(0.02 * normal(random));
      return Array.from({ length: 5 }, () => block * Math.exp(0.01 * normal(random)));
    });
    return [
      {
        batch: 1,
        samplesMicros,
        latencyMicros: summarize(samplesMicros),
        throughputPerSecond: 1,
        warmupMicros: [],
      },
    ];
  };
  return [lane(100), lane(100 * ratio), lane(100), lane(5)];
}

function judged(truths: readonly Truth[], seed: number) {
  const random = randomStream(seed);
  const [, model] = compareDraws(truths.map((truth) => drawOf(truth, random)));
  const [row] = model?.batches ?? [];
  if (!row?.ratioToBaseline || !row.verdict) throw new Error('the model was not compared');
  return { ...row, ...row.ratioToBaseline };
}

describe('compareDraws', () => {
  it('claims nothing of all draws that holds for some: what differs from draw to draw widens the interval', () => {
    const truths = [0.5, 1, 1.02, 0.98].map((ratio) => ({ ratio, blocks: 20 }));
    const { verdict, low, high, ratio, drawRatios } = judged(truths, 1);
    expect(verdict).toBe('same');
    expect(ratio).toBeCloseTo((0.5 * 1 * 1.02 * 0.98) ** 0.25, 1);
    expect(low).toBeLessThan(0.7);
    expect(high).toBeGreaterThan(1);
    expect(drawRatios.map((one) => one.toFixed(1))).toEqual(['0.5', '1.0', '1.0', '1.0']);
  });

  it('claims of one draw what its blocks show', () => {
    expect(judged([{ ratio: 0.5, blocks: 8 }], 1)).toMatchObject({ verdict: 'faster' });
    expect(judged([{ ratio: 0.5, blocks: 8 }], 1).drawRatios).toHaveLength(1);
  });

  it('finds a difference that all draws have', () => {
    const truths = Array.from({ length: 8 }, (_, draw) => ({ ratio: 0.8 + 0.01 * (draw % 3), blocks: 1 }));
    expect(judged(truths, 2)).toMatchObject({ verdict: 'faster' });
  });

  it('claims a difference in at most 1 of 1,000 cases where draws differ by 5 % and not in the mean', () => {
    const cases = 1_000;
    const random = randomStream(3);
    let claims = 0;
    for (let seed = 0; seed < cases; seed++) {
      const truths = Array.from({ length: 8 }, () => ({ ratio: Math.exp(0.05 * normal(random)), blocks: 2 }));
      if (judged(truths, seed).verdict !== 'same') claims++;
    }
    expect(claims).toBeLessThanOrEqual(cases / 1000);
  });
});
