import { describe, expect, it } from 'vitest';
import type { ProfiledNode } from '../src/profile.js';
import { workOf } from '../src/work.js';

const node = (change: Partial<ProfiledNode>): ProfiledNode => ({
  operator: 'Relu',
  provider: 'CPUExecutionProvider',
  inputs: [[2, 3]],
  outputs: [[2, 3]],
  bytes: 48,
  ...change,
});

describe('workOf', () => {
  it('counts two operations for each multiplication of a product, whichever side is transposed', () => {
    const outputs = [[32, 300]];
    const plain = node({ operator: 'MatMul', inputs: [[32, 784], [784, 300]], outputs, bytes: 0 }); // prettier-ignore
    const transposed = node({ operator: 'Gemm', inputs: [[784, 32], [784, 300], [300]], outputs, bytes: 0 }); // prettier-ignore
    expect(workOf([plain]).operations).toBe(2 * 32 * 784 * 300);
    expect(workOf([transposed]).operations).toBe(2 * 32 * 784 * 300);
  });

  it('knows of weights that the runtime has laid out anew and left out', () => {
    const hidden = node({
      operator: 'FusedGemm',
      inputs: [[32, 784], [300]],
      outputs: [[32, 300]],
      bytes: 1000,
    });
    expect(workOf([hidden])).toEqual({
      operators: 1,
      operations: 2 * 32 * 784 * 300,
      bytes: 1000 + 4 * 784 * 300,
    });
  });

  it('counts a convolution by its window and the channels of a group', () => {
    const inputs = [[8, 6, 14, 14], [16, 3, 5, 5], [16]]; // prettier-ignore
    const conv = node({ operator: 'FusedConv', inputs, outputs: [[8, 16, 10, 10]] });
    expect(workOf([conv]).operations).toBe(2 * 8 * 16 * 10 * 10 * 3 * 25);
  });

  it('counts one operation an element of all others, and adds up', () => {
    expect(workOf([node({}), node({ operator: 'ReduceMax', outputs: [[1]] })])).toEqual({
      operators: 2,
      operations: 12,
      bytes: 96,
    });
    expect(workOf([node({ operator: 'ConvertAny', inputs: [[4]], outputs: [[4]] })]).operations).toBe(4);
  });
});
