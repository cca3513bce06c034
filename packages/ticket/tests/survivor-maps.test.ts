import { sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullMasks, namedNetwork, resolveNetwork, survivorMaps, survivors } from '../src/index.js';
import type { LayerSpec, Masks } from '../src/index.js';

const networkOf = (input: number[], ...layers: LayerSpec[]) =>
  resolveNetwork({ name: 'mapped', input, layers });

describe('where weights survive', () => {
  it('in a dense layer over an image is counted pixel by pixel, over all channels', () => {
    const network = networkOf([2, 1, 3], { kind: 'flatten' }, { kind: 'dense', units: 2 });
    const bits = Uint8Array.from([1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect(survivorMaps(network, { 'fc1.weight': tensor('uint8', [6, 2], bits) })).toEqual([
      { layer: 'fc1', cells: 'pixels', rows: 1, columns: 3, weights: 4, survivors: [3, 1, 0] },
    ]);
  });

  it('in a convolution is counted kernel by kernel: a row a channel, a column a filter', () => {
    const network = networkOf([2, 3, 3], { kind: 'conv2d', filters: 3, kernel: [1, 2] });
    const bits = Uint8Array.from([1, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1]);
    expect(survivorMaps(network, { 'conv1.weight': tensor('uint8', [3, 2, 1, 2], bits) })).toEqual([
      { layer: 'conv1', cells: 'kernels', rows: 2, columns: 3, weights: 2, survivors: [2, 1, 0, 0, 1, 2] },
    ]);
  });

  it('is told of the first two convolutions, and not of words or of what lies behind pooling', () => {
    const layersOf = (name: string, input: number[], vocabulary?: number) => {
      const network = resolveNetwork(namedNetwork(name, input, 10, vocabulary));
      return survivorMaps(network, fullMasks(network)).map(({ layer }) => layer);
    };
    expect(layersOf('lenet-300-100', [28, 28])).toEqual(['fc1']);
    expect(layersOf('conv-4', [28, 28])).toHaveLength(2);
    expect(layersOf('reuters-ffnn', [100])).toEqual([]);
    const pooled = networkOf(
      [1, 4, 4],
      { kind: 'maxpool', kernel: 2 },
      { kind: 'flatten' },
      { kind: 'dense', units: 2 },
    );
    expect(survivorMaps(pooled, fullMasks(pooled))).toEqual([]);
  });

  it('adds up to what the mask keeps', () => {
    const network = networkOf(
      [2, 5, 5],
      { kind: 'conv2d', filters: 3, kernel: 3 },
      { kind: 'conv2d', filters: 2, kernel: 2 },
    );
    const bits = (size: number) => fc.uint8Array({ min: 0, max: 1, minLength: size, maxLength: size });
    const drawn = network.parameters.filter(({ prunable }) => prunable);
    fc.assert(
      fc.property(fc.tuple(...drawn.map(({ shape }) => bits(sizeOf(shape)))), (found) => {
        const masks: Masks = Object.fromEntries(
          drawn.map(({ name, shape }, index) => [
            name,
            tensor('uint8', shape, found[index] ?? new Uint8Array()),
          ]),
        );
        for (const { layer, survivors: cells, weights } of survivorMaps(network, masks)) {
          const mask = masks[`${layer}.weight`];
          expect(cells.reduce((sum, count) => sum + count, 0)).toBe(mask && survivors(mask));
          expect(Math.max(...cells)).toBeLessThanOrEqual(weights);
        }
      }),
      { seed: 1, numRuns: 50 },
    );
  });
});
