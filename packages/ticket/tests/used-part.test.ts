import type { Tensors } from '@winning-tickets/onnx';
import { float32, sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network, UsedPart } from '../src/index.js';
import { resolveNetwork, usedPart } from '../src/index.js';
import { randomCase } from './support/random-network.js';
import { evaluate } from './support/reference.js';

const runs = { seed: 1, numRuns: 200 };

const network = resolveNetwork({
  name: 'small',
  input: [2, 2],
  layers: [{ kind: 'flatten' }, { kind: 'dense', units: 3 }, { kind: 'relu' }, { kind: 'dense', units: 2 }],
});
const full: Tensors = {
  'fc1.weight': tensor('float32', [4, 3], new Float32Array(12).fill(1)),
  'fc2.weight': tensor('float32', [3, 2], new Float32Array(6).fill(1)),
};
const all = [true, true, true, true];
// As many as a random case may have inputs.
const flags = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 });

describe('the part of a network that training reaches', () => {
  it('is the whole of a network without masked weights over inputs that are all used', () => {
    expect(usedPart(network, full, all)).toBeUndefined();
    expect(usedPart(network, {}, all)).toBeUndefined();
  });

  it('lacks inputs that no sample has, with their rows', () => {
    const part = usedPart(network, full, [true, false, true, true]);
    expect(part?.inputs).toEqual([0, 2, 3]);
    expect(part?.network.inputShape).toEqual([3]);
    expect(part?.positions['fc1.weight']).toEqual(Int32Array.of(0, 1, 2, 6, 7, 8, 9, 10, 11));
    expect(part?.positions['fc1.bias']).toEqual(Int32Array.of(0, 1, 2));
    expect(part?.positions['fc2.weight']).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
  });

  it('lacks units that lead nowhere, and inputs that lead only to those', () => {
    // Unit 1 has no weight on; input 3 leads to it alone.
    const masks: Tensors = {
      'fc1.weight': float32([1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0], [4, 3]),
      'fc2.weight': float32([1, 1, 0, 0, 1, 1], [3, 2]),
    };
    const part = usedPart(network, masks, all);
    expect(part?.inputs).toEqual([0, 1, 2]);
    expect(part?.positions['fc1.weight']).toEqual(Int32Array.of(0, 2, 3, 5, 6, 8));
    expect(part?.positions['fc1.bias']).toEqual(Int32Array.of(0, 2));
    expect(part?.positions['fc2.weight']).toEqual(Int32Array.of(0, 1, 4, 5));
  });

  it('has units that no input reaches, because their biases train', () => {
    const masks: Tensors = { ...full, 'fc1.weight': float32([0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1], [4, 3]) };
    expect(usedPart(network, masks, all)).toBeUndefined();
  });

  it('keeps a zero input that a function makes something else of', () => {
    const withSigmoid = resolveNetwork({
      name: 'small',
      input: [2],
      layers: [{ kind: 'sigmoid' }, { kind: 'dense', units: 1 }],
    });
    expect(usedPart(withSigmoid, {}, [true, false])).toBeUndefined();
  });

  it('keeps the first unit and the first input where nothing would be left', () => {
    const masks: Tensors = { ...full, 'fc2.weight': tensor('float32', [3, 2], new Float32Array(6)) };
    const part = usedPart(network, masks, all);
    expect(part?.positions['fc2.weight']).toEqual(Int32Array.of(0, 1));
    expect(part?.positions['fc1.weight']).toEqual(Int32Array.of(0, 3, 6, 9));
    expect(usedPart(network, full, [false, false, false, false])?.inputs).toEqual([0]);
  });

  it('computes the same function where the inputs left out are zero', () => {
    fc.assert(
      fc.property(randomCase, flags, ({ network, parameters, samples }, bits) => {
        const used = bits.slice(0, sizeOf(network.inputShape));
        const part = usedPart(network, masksOf(parameters), used);
        if (!part) return;
        for (const sample of samples) {
          const seen = sample.map((x, element) => (used[element] ? x : 0));
          const taken = part.inputs.map((element) => seen[element] ?? NaN);
          const expected = evaluate(network, parameters, seen);
          evaluate(part.network, partOf(part, parameters), taken).forEach((value, index) => {
            expect(Math.abs(value - (expected[index] ?? NaN))).toBeLessThanOrEqual(
              1e-5 * Math.max(1, Math.abs(value)),
            );
          });
        }
      }),
      runs,
    );
  });

  it('leaves out only weights whose change changes nothing', () => {
    fc.assert(
      fc.property(randomCase, flags, ({ network, parameters, samples }, bits) => {
        const used = bits.slice(0, sizeOf(network.inputShape));
        const part = usedPart(network, masksOf(parameters), used);
        if (!part) return;
        const changed = outsideChanged(network, part, parameters);
        for (const sample of samples) {
          const seen = sample.map((x, element) => (used[element] ? x : 0));
          expect(evaluate(network, changed, seen)).toEqual(evaluate(network, parameters, seen));
        }
      }),
      runs,
    );
  });
});

/** Weights survive where they are not zero, which is what a mask leaves. */
function masksOf(parameters: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.endsWith('.weight'))
      .map(([name, { shape, data }]) => [
        name,
        float32(
          Array.from(data as Float32Array, (x) => (x === 0 ? 0 : 1)),
          shape,
        ),
      ]),
  );
}

function partOf(part: UsedPart, parameters: Tensors): Tensors {
  return Object.fromEntries(
    part.network.parameters.map(({ name, shape }) => [
      name,
      float32(
        Array.from(part.positions[name] ?? [], (position) => Number(parameters[name]?.data[position])),
        shape,
      ),
    ]),
  );
}

/** The parameters with every surviving weight and bias that the part lacks moved, as a training could. */
function outsideChanged(network: Network, part: UsedPart, parameters: Tensors): Tensors {
  return Object.fromEntries(
    network.parameters.map(({ name, shape }) => {
      const inside = new Set(part.positions[name] ?? []);
      const values = Array.from((parameters[name]?.data ?? []) as Float32Array);
      const moved = values.map((x, index) => (inside.has(index) || x === 0 ? x : x + 1));
      return [name, float32(moved, shape)];
    }),
  );
}
