import { describe, expect, it } from 'vitest';
import { busyShare, otherCpuShare } from '../src/cpu-use.js';

const core = (user: number, sys: number, idle: number) => ({ times: { user, nice: 0, sys, idle, irq: 0 } });

describe('busyShare', () => {
  it('is the share of all cores that were not idle between the readings', () => {
    const before = [core(1000, 500, 9000), core(7000, 0, 100)];
    expect(busyShare(before, [core(1300, 600, 9100), core(7000, 0, 600)])).toBeCloseTo(0.4, 12);
    expect(busyShare(before, [core(1500, 500, 9000), core(7500, 0, 100)])).toBe(1);
    expect(busyShare(before, [core(1000, 500, 9500), core(7000, 0, 600)])).toBe(0);
  });

  it('stays a share where a counter steps back', () => {
    expect(busyShare([core(1000, 0, 1000)], [core(999, 0, 1500)])).toBe(0);
  });

  it('is not known where the system tells no times', () => {
    expect(busyShare([], [])).toBeUndefined();
    expect(busyShare([core(0, 0, 0)], [core(0, 0, 0)])).toBeUndefined();
  });
});

describe('otherCpuShare', () => {
  it('is a share of this machine', async () => {
    const share = await otherCpuShare();
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  });

  it('ends when it is told to, with the reason', async () => {
    await expect(otherCpuShare(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
