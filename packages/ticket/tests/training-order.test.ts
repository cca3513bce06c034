import { describe, expect, it } from 'vitest';
import { resolveNetwork } from '../src/index.js';
import type { LayerSpec } from '../src/index.js';
import { trainingOrder } from '../src/training-order.js';

const order = (layers: readonly LayerSpec[]) =>
  trainingOrder(resolveNetwork({ name: 'images', input: [1, 8, 8], layers }).layers).map(({ kind }) => kind);

describe('in training, a ReLU', () => {
  it('comes behind the pooling that takes the largest of what it gave', () => {
    expect(order([{ kind: 'relu' }, { kind: 'maxpool', kernel: 2 }])).toEqual(['maxpool', 'relu']);
    expect(order([{ kind: 'relu' }, { kind: 'globalmaxpool' }])).toEqual(['globalmaxpool', 'relu']);
  });

  it('comes behind several', () => {
    const pool = { kind: 'maxpool', kernel: 2 };
    expect(order([{ kind: 'relu' }, pool, pool])).toEqual(['maxpool', 'maxpool', 'relu']);
  });

  it('stays before what is not the largest, and other functions stay where they are', () => {
    const avgpool = { kind: 'avgpool', kernel: 2 };
    const maxpool = { kind: 'maxpool', kernel: 2 };
    expect(order([{ kind: 'relu' }, avgpool])).toEqual(['relu', 'avgpool']);
    expect(order([{ kind: 'tanh' }, maxpool])).toEqual(['tanh', 'maxpool']);
    expect(order([maxpool, { kind: 'relu' }])).toEqual(['maxpool', 'relu']);
  });
});
