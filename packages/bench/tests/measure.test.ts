import { describe, expect, it } from 'vitest';
import { measureBlock } from '../src/measure.js';

const fast = async (): Promise<void> => {
  await Promise.resolve();
};

describe('measureBlock', () => {
  it('ends at the largest number of samples when a call is fast', async () => {
    const samples = await measureBlock(fast, { blockMillis: 10_000, warmupMillis: 0, maxSamples: 50 });
    expect(samples).toHaveLength(50);
  });

  it('ends at its time when a call is slow, with at least three samples', async () => {
    const slow = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    const samples = await measureBlock(slow, { blockMillis: 1, warmupMillis: 0, maxSamples: 50 });
    expect(samples).toHaveLength(3);
    for (const micros of samples) expect(micros).toBeGreaterThan(3000);
  });

  it('keeps raw samples in microseconds, ascending', async () => {
    const samples = await measureBlock(fast, { blockMillis: 20, warmupMillis: 1, maxSamples: 20 });
    expect(samples).toEqual([...samples].sort((a, b) => a - b));
    for (const micros of samples) expect(micros).toBeGreaterThanOrEqual(0);
  });

  it('passes on the error of a failing call', async () => {
    const failing = (): Promise<void> => Promise.reject(new Error('no such input'));
    await expect(measureBlock(failing, { blockMillis: 1, warmupMillis: 0, maxSamples: 5 })).rejects.toThrow(
      'no such input',
    );
  });
});
