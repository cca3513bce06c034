import { describe, expect, it } from 'vitest';
import { randomStream } from '../src/random.js';
import type { RandomStream } from '../src/random.js';
import { pairedRatio } from '../src/statistics.js';
import { verdictOf } from '../src/verdict.js';

// Streams of samples as a machine might give them, whose truth is known.
interface Machine {
  readonly random: RandomStream;
  /** Spread of the samples in a block, of blocks of one model, and of repeats, which all models share. */
  readonly sampleSpread: number;
  readonly blockSpread: number;
  readonly repeatSpread: number;
}

const repeats = 10;
const samplesPerBlock = 21;

/** A normally distributed number (Box and Muller 1958). */
function normal(random: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Blocks of some models of given true latencies, measured in the same repeats. */
function streams(
  machine: Machine,
  micros: readonly number[],
  slowdown = (_repeat: number) => 1,
): number[][][] {
  const { random, sampleSpread, blockSpread, repeatSpread } = machine;
  const weather = Array.from(
    { length: repeats },
    (_, repeat) => repeatSpread * normal(random) + Math.log(slowdown(repeat)),
  );
  return micros.map((truth) =>
    weather.map((shared) => {
      const block = shared + blockSpread * normal(random);
      return Array.from(
        { length: samplesPerBlock },
        () => truth * Math.exp(block + sampleSpread * normal(random)),
      );
    }),
  );
}

const machine = (seed: number): Machine => ({
  random: randomStream(seed),
  sampleSpread: 0.05,
  blockSpread: 0.03,
  repeatSpread: 0.2,
});

function judge([model = [], baseline = [], again = []]: number[][][]) {
  return verdictOf(model, baseline, pairedRatio(again, baseline));
}

describe('verdictOf, on streams whose truth is known', () => {
  it('claims a difference where there is none in at most 1 of 1,000 cases', () => {
    const noisy = machine(1);
    const cases = 4_000;
    const claims = Array.from({ length: cases }, () => judge(streams(noisy, [100, 100, 100]))).filter(
      (verdict) => verdict !== 'same',
    );
    expect(claims.length).toBeLessThanOrEqual(cases / 1_000);
  });

  it('keeps to that without the noise of the baseline and the least effect: by the interval alone', () => {
    const noisy = machine(2);
    const cases = 4_000;
    const claims = Array.from({ length: cases }, () => {
      const [model = [], baseline = []] = streams(noisy, [100, 100]);
      const { low, high } = pairedRatio(model, baseline, 0.999);
      return low > 1 || high < 1;
    }).filter(Boolean);
    // 4 are expected; more than 12 come once in 4,000 times (Poisson).
    expect(claims.length).toBeLessThanOrEqual(12);
  });

  it('is not moved by a machine that becomes three times slower in mid-run', () => {
    const slows = (repeat: number) => (repeat < repeats / 2 ? 1 : 3);
    const [model = [], baseline = [], again = []] = streams(machine(3), [100, 100, 100], slows);
    expect(judge([model, baseline, again])).toBe('same');
    const { ratio } = pairedRatio(model, baseline);
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });

  it.each([
    [90, 'faster'],
    [110, 'slower'],
  ] as const)('finds %d against 100: %s', (micros, verdict) => {
    const quiet = { ...machine(4), blockSpread: 0.01 };
    const found = Array.from({ length: 200 }, () => judge(streams(quiet, [micros, 100, 100])));
    expect(found.filter((each) => each === verdict).length).toBeGreaterThanOrEqual(198);
  });

  it('claims nothing of a difference that is certain but below 2 %', () => {
    const exact = { ...machine(5), sampleSpread: 0, blockSpread: 1e-4 };
    expect(judge(streams(exact, [99, 100, 100]))).toBe('same');
    expect(judge(streams(exact, [101, 100, 100]))).toBe('same');
  });

  it('claims nothing inside what the baseline shows against itself', () => {
    const [model = [], baseline = []] = streams({ ...machine(6), blockSpread: 0.01 }, [90, 100]);
    expect(verdictOf(model, baseline, { ratio: 1, low: 0.8, high: 1.25 })).toBe('same');
  });
});
