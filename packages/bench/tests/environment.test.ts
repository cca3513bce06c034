import { describe, expect, it } from 'vitest';
import { describeEnvironment, machineWarnings } from '../src/environment.js';

describe('machineWarnings', () => {
  it('warns of a machine that was more than half busy', () => {
    expect(machineWarnings({ cores: 4, loadAverageBefore: [2.5, 0, 0] }, 1)).toEqual([
      expect.stringContaining('busy: load average 2.50 on 4 cores') as string,
    ]);
    expect(machineWarnings({ cores: 4, loadAverageBefore: [2, 9, 9] }, 1)).toEqual([]);
  });

  it('warns of more threads than cores', () => {
    expect(machineWarnings({ cores: 2, loadAverageBefore: [0, 0, 0] }, 3)).toHaveLength(1);
  });
});

describe('describeEnvironment', () => {
  it('names the versions of what runs the models', () => {
    const environment = describeEnvironment();
    expect(environment.node).toBe(process.versions.node);
    expect(environment.onnxruntime).toMatch(/^\d+\.\d+\.\d+/);
  });
});
