import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../src/options.js';

const options = { files: ['a.onnx', 'b.onnx'], seed: 1 };

describe('resolveOptions', () => {
  it('measures at batch 1, 32 and 256 on one CPU thread unless told otherwise', () => {
    expect(resolveOptions(options)).toMatchObject({ batches: [1, 32, 256], threads: 1, provider: 'cpu' });
  });

  it('refuses what cannot be measured, naming the option and what was found', () => {
    expect(() => resolveOptions({ ...options, files: [] })).toThrow('no file to measure');
    expect(() => resolveOptions({ ...options, files: ['a.onnx', 'a.onnx'] })).toThrow('named twice');
    expect(() => resolveOptions({ ...options, baseline: 'c.onnx' })).toThrow('baseline c.onnx is not among');
    expect(() => resolveOptions({ ...options, batches: [] })).toThrow('at least one');
    expect(() => resolveOptions({ ...options, batches: [1, 1] })).toThrow('different sizes');
    expect(() => resolveOptions({ ...options, batches: [1.5] })).toThrow('batches must be an integer');
    expect(() => resolveOptions({ ...options, repeats: 1 })).toThrow('at least 2, found 1');
    expect(() => resolveOptions({ ...options, blockMillis: NaN })).toThrow('blockMillis must be a positive');
    expect(() => resolveOptions({ ...options, threads: 0 })).toThrow('threads must be an integer');
    expect(() => resolveOptions({ ...options, seed: 0.5 })).toThrow('seed must be a 32-bit integer');
  });
});
