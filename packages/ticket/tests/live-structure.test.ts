import { float32, zeros } from '@winning-tickets/onnx';
import { describe, expect, it } from 'vitest';
import { liveStructure, resolveNetwork } from '../src/index.js';

const network = resolveNetwork({
  name: 'small',
  input: [3],
  layers: [{ kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
});

describe('the live structure', () => {
  it('counts inputs and units that a path joins to an output', () => {
    const values = {
      // Input 1 reaches nothing, unit 2 has no input, unit 1 leads nowhere.
      'fc1.weight': float32([1, 1, 0, 0, 0, 0, 2, 1, 0], [3, 3]),
      'fc1.bias': zeros('float32', [3]),
      'fc2.weight': float32([1, 0, 0, 0, 3, 1], [3, 2]),
      'fc2.bias': zeros('float32', [2]),
    };
    expect(liveStructure(network, values)).toEqual({
      inputs: { live: 2, total: 3 },
      units: { fc1: { live: 1, total: 3 }, fc2: { live: 2, total: 2 } },
    });
  });

  it('of a network over words counts the words that still have a vector', () => {
    const words = resolveNetwork({
      name: 'words',
      input: [4],
      layers: [
        { kind: 'embedding', vocabulary: 3, size: 2 },
        { kind: 'conv1d', filters: 2, kernel: 2 },
        { kind: 'globalmaxpool' },
        { kind: 'dense', units: 2 },
      ],
    });
    const values = {
      'embedding1.weight': float32([0, 0, 0, 1, 2, 0], [3, 2]),
      'conv1.weight': float32([1, 1, 1, 1, 0, 0, 0, 0], [2, 2, 2]),
      'conv1.bias': zeros('float32', [2]),
      'fc1.weight': float32([1, 1, 1, 1], [2, 2]),
      'fc1.bias': zeros('float32', [2]),
    };
    const { inputs, units } = liveStructure(words, values);
    expect(inputs).toEqual({ live: 2, total: 3 });
    expect(units['conv1']).toEqual({ live: 1, total: 2 });
  });
});
