import { describe, expect, it } from 'vitest';
import { describeEnvironment, machineWarnings } from '../src/environment.js';

describe('machineWarnings', () => {
  it('warns of other processes at work, not of what rests', () => {
    expect(machineWarnings({ cores: 4, otherCpuShare: 0.254 }, 1)).toEqual([
      expect.stringContaining('other processes used 25 % of the 4 cores') as string,
    ]);
    expect(machineWarnings({ cores: 4, otherCpuShare: 0.15 }, 1)).toEqual([]);
    expect(machineWarnings({ cores: 4 }, 1)).toEqual([]);
  });

  it('warns of more threads than cores', () => {
    expect(machineWarnings({ cores: 2 }, 3)).toHaveLength(1);
  });
});

describe('describeEnvironment', () => {
  it('names the versions of what runs the models', async () => {
    const environment = await describeEnvironment();
    expect(environment.node).toBe(process.versions.node);
    expect(environment.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
  });
});
