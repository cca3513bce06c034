import { afterAll, describe, expect, it } from 'vitest';
import { measureMemory, memoryAbove } from '../src/memory.js';
import { classifier, removeModels } from './models.js';

afterAll(removeModels);

const inputOf = (shape: readonly number[]) => ({ input: { dtype: 'float32', shape } }) as const;
const task = { inputs: inputOf([1, 2, 2]), provider: 'cpu', threads: 1 } as const;

describe('measureMemory', () => {
  it('measures in a process whose peak is at least what is left after the run', async () => {
    const sample = await measureMemory({ ...task, file: classifier('memory.onnx') });
    expect(sample.beforeBytes).toBeGreaterThan(0);
    expect(sample.peakBytes).toBeGreaterThanOrEqual(sample.afterBytes);
  });

  it('is not inflated by the memory of the process that asks', async () => {
    const ballast = Buffer.alloc(400e6, 1);
    const sample = await measureMemory({ ...task, file: classifier('memory.onnx') });
    expect(sample.peakBytes).toBeLessThan(ballast.length);
  });

  it('sees the weights of a large model', async () => {
    const classes = 20_000;
    const large = classifier('large.onnx', { shape: ['batch', 250], classes });
    const small = await measureMemory({ ...task, file: classifier('memory.onnx') });
    const sample = await measureMemory({ ...task, inputs: inputOf([1, 250]), file: large });
    expect(memoryAbove([sample], [small]).residentBytes).toBeGreaterThan(0.8 * 250 * classes * 4);
  });

  it('says which model the runtime refuses', async () => {
    await expect(measureMemory({ ...task, file: '/nowhere/a.onnx' })).rejects.toThrow('/nowhere/a.onnx');
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const measured = measureMemory({ ...task, file: classifier('memory.onnx') }, controller.signal);
    controller.abort(new Error('stopped by the user'));
    await expect(measured).rejects.toThrow('stopped by the user');
  });
});

describe('memoryAbove', () => {
  it('is the difference of the medians', () => {
    const sample = (afterBytes: number, peakBytes: number) => ({ beforeBytes: 0, afterBytes, peakBytes });
    const above = memoryAbove([sample(10, 20), sample(30, 50), sample(1000, 900)], [sample(7, 9)]);
    expect(above).toEqual({ residentBytes: 23, peakResidentBytes: 41 });
  });
});
