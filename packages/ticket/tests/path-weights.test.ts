import { float32, zeros } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import { pathWeights, resolveNetwork, strongestInputs } from '../src/index.js';

describe('path weights', () => {
  it('are the sums over all paths of the products of their weights', () => {
    const network = resolveNetwork({
      name: 'paths',
      input: [2],
      layers: [
        { kind: 'dense', units: 2 },
        { kind: 'relu' },
        { kind: 'dropout', rate: 0.5 },
        { kind: 'dense', units: 3 },
      ],
    });
    const values = {
      'fc1.weight': float32([1, 2, 0, -1], [2, 2]),
      'fc1.bias': zeros('float32', [2]),
      'fc2.weight': float32([1, 0, 2, 3, 1, 0], [2, 3]),
      'fc2.bias': zeros('float32', [3]),
    };
    const found = pathWeights(network, values);
    expect(found?.shape).toEqual([2, 3]);
    expect(Array.from(found?.data ?? [])).toEqual([7, 2, 2, -3, -1, 0]);
  });

  it('are not known of convolutions', () => {
    const network = resolveNetwork({
      name: 'images',
      input: [1, 3, 3],
      layers: [{ kind: 'conv2d', filters: 1, kernel: 3 }, { kind: 'flatten' }, { kind: 'dense', units: 2 }],
    });
    expect(pathWeights(network, {})).toBeUndefined();
  });
});

describe('the strongest inputs', () => {
  it('of each output are those of the largest weights above zero, the first of equal ones first', () => {
    const weights = float32([1, -1, 3, 0, 2, 5, 3, 0.5], [4, 2]);
    expect(strongestInputs(weights, 3)).toEqual([
      [1, 3, 2],
      [2, 3],
    ]);
  });
});
