import { describe, expect, it } from 'vitest';
import { describeEnvironment, machineWarnings } from '../src/environment.js';

const one = { provider: 'cpu', threads: 1 } as const;

describe('machineWarnings', () => {
  it('warns of other processes at work, not of what rests', () => {
    expect(machineWarnings({ cores: 4, otherCpuShare: 0.254 }, one)).toEqual([
      expect.stringContaining('other processes used 25 % of the 4 cores') as string,
    ]);
    expect(machineWarnings({ cores: 4, otherCpuShare: 0.15 }, one)).toEqual([]);
    expect(machineWarnings({ cores: 4 }, one)).toEqual([]);
  });

  it('warns of more threads than cores', () => {
    expect(machineWarnings({ cores: 2 }, { provider: 'cpu', threads: 3 })).toHaveLength(1);
  });
});

describe('machineWarnings off the CPU', () => {
  it('warns where no driver tells what runs the models', () => {
    const gpu = { name: 'any', driver: '1', memoryBytes: 1 };
    const setup = { provider: 'webgpu', threads: 1 } as const;
    expect(machineWarnings({ cores: 4 }, setup)).toEqual([expect.stringContaining('in software') as string]);
    expect(machineWarnings({ cores: 4, gpu }, setup)).toEqual([]);
  });
});

describe('describeEnvironment', () => {
  it('names the versions of what runs the models', async () => {
    const environment = await describeEnvironment();
    expect(environment.node).toBe(process.versions.node);
    expect(environment.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
  });
});
