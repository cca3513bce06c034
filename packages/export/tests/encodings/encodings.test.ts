import { checkModel, decodeModel, isDType, sizeOf, tensor } from '@winning-tickets/onnx';
import { applyMasks, fullMask, survivors } from '@winning-tickets/ticket';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodingOptions, SealedTicket } from '../../src/index.js';
import { exportBytes, exportTicket } from '../../src/index.js';
import { evaluate } from '../support/reference.js';
import { logits } from '../support/runtime.js';
import {
  anyTicket,
  lenetTicket,
  makeTicket,
  sampleEncodings,
  samples,
  smallNetwork,
} from '../support/tickets.js';

const runs = { seed: 1, numRuns: 30 };

function expectClose(found: Float32Array, expected: ArrayLike<number>, tolerance = 1e-4): void {
  expect(found.length).toBe(expected.length);
  const largest = Array.from(expected).reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  const worst = found.reduce((a, value, i) => Math.max(a, Math.abs(value - (expected[i] ?? NaN))), 0);
  expect(worst).toBeLessThanOrEqual(tolerance * largest);
}

async function run(ticket: SealedTicket, encoding: string, values: Float32Array): Promise<Float32Array> {
  const { inputShape } = ticket.metadata.dataset;
  const batch = values.length / sizeOf(inputShape);
  return await logits(exportBytes(ticket, encoding), [batch, ...inputShape], values);
}

describe('every encoding', () => {
  it('computes the trained network, at batch 1 and 7', async () => {
    await fc.assert(
      fc.asyncProperty(anyTicket, fc.nat(), async (ticket, seed) => {
        const { inputShape } = ticket.metadata.dataset;
        const values = samples(inputShape, 7, seed);
        const size = sizeOf(inputShape);
        const expected = Array.from({ length: 7 }, (_, sample) =>
          evaluate(ticket, values.subarray(sample * size, (sample + 1) * size)),
        );
        for (const encoding of sampleEncodings) {
          expectClose(await run(ticket, encoding, values), expected.flat());
          expectClose(await run(ticket, encoding, values.subarray(0, size)), expected[0] ?? []);
        }
      }),
      runs,
    );
  });

  it('gives a sound model that reads back as it was', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom(...sampleEncodings), (ticket, encoding) => {
        const model = exportTicket(ticket, encoding);
        expect(checkModel(model)).toEqual([]);
        expect(decodeModel(exportBytes(ticket, encoding), 'model')).toEqual(model);
      }),
      runs,
    );
  });

  it('takes float32 samples of any batch and gives logits', () => {
    fc.assert(
      fc.property(anyTicket, fc.constantFrom(...sampleEncodings), (ticket, encoding) => {
        const { inputShape, classNames } = ticket.metadata.dataset;
        const { inputs, outputs } = exportTicket(ticket, encoding).graph;
        expect(inputs).toEqual([{ name: 'input', dtype: 'float32', shape: ['batch', ...inputShape] }]);
        expect(outputs).toEqual([{ name: 'logits', dtype: 'float32', shape: ['batch', classNames.length] }]);
      }),
      runs,
    );
  });

  it('gives the same bytes for the same ticket', () => {
    for (const encoding of sampleEncodings) {
      const [first, second] = [
        exportBytes(makeTicket(lenetTicket), encoding),
        exportBytes(makeTicket(lenetTicket), encoding),
      ];
      expect(Buffer.compare(first, second)).toBe(0);
    }
  });

  it('writes a network without a surviving weight as a constant', async () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 0, seed: 3 });
    const constant = ticket.best['fc2.bias'];
    for (const encoding of sampleEncodings) {
      const found = await run(ticket, encoding, samples([2, 3], 2, 1));
      expectClose(found, [...(constant?.data ?? []), ...(constant?.data ?? [])].map(Number), 1e-6);
    }
  });

  it('takes the weights of the least validation loss, not those at the end of training', async () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 4 });
    const values = samples([2, 3], 1, 1);
    const atEnd = evaluate({ ...ticket, best: ticket.trained }, values);
    for (const encoding of sampleEncodings) {
      const found = await run(ticket, encoding, values);
      expectClose(found, evaluate(ticket, values));
      expect(Math.abs((found[0] ?? NaN) - (atEnd[0] ?? NaN))).toBeGreaterThan(1e-3);
    }
  });
});

describe('sparse', () => {
  it('gives the very logits of dense', async () => {
    await fc.assert(
      fc.asyncProperty(anyTicket, fc.nat(), async (ticket, seed) => {
        const values = samples(ticket.metadata.dataset.inputShape, 7, seed);
        expect(await run(ticket, 'sparse', values)).toEqual(await run(ticket, 'dense', values));
      }),
      runs,
    );
  });

  it('holds every masked weight with its survivors in ascending order, and they make up the dense tensor', () => {
    fc.assert(
      fc.property(anyTicket, (ticket) => {
        const { sparseInitializers, initializers } = exportTicket(ticket, 'sparse').graph;
        expect(sparseInitializers.map(({ name }) => name)).toEqual(Object.keys(ticket.masks));
        expect(initializers.every(({ name }) => name.endsWith('.bias'))).toBe(true);
        for (const { name, shape, values, indices } of sparseInitializers) {
          const mask = ticket.masks[name];
          expect(values.data.length).toBe(mask ? survivors(mask) : NaN);
          expect([...indices.data]).toEqual([...indices.data].sort((a, b) => Number(a - b)));
          const written = new Float32Array(sizeOf(shape));
          indices.data.forEach((index, i) => (written[Number(index)] = Number(values.data[i])));
          expect(tensor('float32', shape, written)).toEqual(ticket.best[name]);
        }
      }),
      runs,
    );
  });

  it('keeps a survivor that training left at 0', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 5 });
    const best = { ...ticket.best, 'fc1.weight': tensor('float32', [6, 4], new Float32Array(24)) };
    const weight = exportTicket({ ...ticket, best }, 'sparse').graph.sparseInitializers[0];
    expect(weight?.values.data.length).toBe(24);
  });

  it('pays off in bytes from two thirds of zeros on', () => {
    const network = { ...smallNetwork, input: [40, 40] };
    const bytes = (encoding: string, share: number) =>
      exportBytes(makeTicket({ network, densities: () => share, seed: 6 }), encoding).length;
    expect(bytes('sparse', 0.25)).toBeLessThan(bytes('dense', 0.25));
    expect(bytes('sparse', 0.45)).toBeGreaterThan(bytes('dense', 0.45));
  });
});

describe('compact', () => {
  it('takes just the live inputs when asked, and computes the same', async () => {
    await fc.assert(
      fc.asyncProperty(anyTicket, fc.nat(), async (ticket, seed) => {
        const { inputShape } = ticket.metadata.dataset;
        const values = samples(inputShape, 7, seed);
        const bytes = exportBytes(ticket, 'compact', { liveInputs: true });
        const { metadata, graph } = decodeModel(bytes, 'model');
        const live = JSON.parse(metadata['tickets.liveInputs'] ?? '') as number[];
        expect(graph.inputs[0]?.shape).toEqual(['batch', live.length]);
        const size = sizeOf(inputShape);
        const picked = Float32Array.from({ length: 7 * live.length }, (_, i) =>
          Number(values[Math.floor(i / live.length) * size + Number(live[i % live.length])]),
        );
        const found = await logits(bytes, [7, live.length], picked);
        expect(found).toEqual(await run(ticket, 'compact', values));
      }),
      runs,
    );
  });

  it('says how many inputs and units are gone', () => {
    const ticket = withLiveInputs(2, { units: 8 });
    expect(compaction(ticket)).toEqual({
      removedInputs: 0,
      gatheredInputs: false,
      removedUnits: { fc1: 0, fc2: 0 },
    });
    expect(compaction(ticket, { liveInputs: true })).toEqual({
      removedInputs: 38,
      gatheredInputs: false,
      removedUnits: { fc1: 0, fc2: 0 },
    });
    const cut = makeTicket({
      network: { ...smallNetwork, input: [5] },
      densities: (name) => (name === 'fc1.weight' ? 0 : 1),
      seed: 7,
    });
    expect(compaction(cut)).toMatchObject({ removedUnits: { fc1: 3, fc2: 0 } });
    expect(exportTicket(cut, 'compact').metadata).not.toHaveProperty(['tickets.liveInputs']);
  });

  it('picks the live inputs where the dead ones would cost more, and both ways compute the same', async () => {
    // The first has the narrower first layer: a row of zeros costs less in it.
    for (const [units, pays] of [
      [32, false],
      [96, true],
    ] as const) {
      const ticket = withLiveInputs(10, { units });
      const { metadata, graph } = exportTicket(ticket, 'compact');
      expect(JSON.parse(metadata['tickets.compaction'] ?? '')).toMatchObject({
        removedInputs: pays ? 30 : 0,
        gatheredInputs: pays,
      });
      expect(graph.nodes.some(({ op }) => op === 'Gather')).toBe(pays);
      const shape = graph.initializers.find(({ name }) => name === 'fc1.weight')?.tensor.shape;
      expect(shape).toEqual([pays ? 10 : 40, units]);
      const values = samples([40], 7, 2);
      expectClose(await run(ticket, 'compact', values), await run(ticket, 'dense', values), 1e-5);
    }
  });

  it('keeps all inputs where most are live', () => {
    expect(compaction(withLiveInputs(35, { units: 96 }))).toMatchObject({ gatheredInputs: false });
  });

  it('picks no inputs where all of them live', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 8 });
    expect(exportTicket(ticket, 'compact').graph.nodes.map(({ op }) => op)).not.toContain('Gather');
  });
});

function compaction(ticket: SealedTicket, options: EncodingOptions = {}): unknown {
  return JSON.parse(exportTicket(ticket, 'compact', options).metadata['tickets.compaction'] ?? '');
}

/** A ticket of 40 inputs behind a relu, of which all but some are pruned away and the rest is dense. */
function withLiveInputs(live: number, { units }: { units: number }): SealedTicket {
  const network = {
    name: 'wide',
    input: [40],
    layers: [
      { kind: 'relu' },
      { kind: 'dense', name: 'fc1', units },
      { kind: 'tanh' },
      { kind: 'dense', name: 'fc2', units: 3 },
    ],
  };
  const ticket = makeTicket({ network, densities: () => 1, seed: 7 });
  const mask = fullMask([40, units]);
  mask.data.fill(0, live * units);
  const masks = { ...ticket.masks, 'fc1.weight': mask };
  return { ...ticket, masks, best: applyMasks(ticket.best, masks) };
}

describe('LeNet-300-100 at 3.6 %', () => {
  const ticket = makeTicket(lenetTicket);

  it('is the same network in every encoding, dense and sparse to the last bit', async () => {
    const values = samples([28, 28], 64, 9);
    const [dense, sparse, compact] = [
      await run(ticket, 'dense', values),
      await run(ticket, 'sparse', values),
      await run(ticket, 'compact', values),
    ];
    expect(sparse).toEqual(dense);
    expectClose(compact, dense, 1e-5);
    expectClose(dense.subarray(0, 10), evaluate(ticket, values.subarray(0, 784)), 1e-5);
  });

  it('is smaller in sparse than in dense, and its compact graph has fewer weights', () => {
    const sizes = sampleEncodings.map(
      (encoding) => [encoding, exportBytes(ticket, encoding).length] as const,
    );
    const { dense = NaN, sparse = NaN, compact = NaN } = Object.fromEntries(sizes);
    expect(sparse).toBeLessThan(dense / 7);
    expect(compact).toBeLessThan(dense);
    expect(weights(ticket, 'compact')).toBeLessThan(weights(ticket, 'dense'));
  });

  it('has lost most of its compact graph where almost everything is pruned', () => {
    const last = makeTicket({ ...lenetTicket, densities: () => 0.002 });
    expect(weights(last, 'compact')).toBeLessThan(weights(last, 'dense') / 20);
    expect(exportBytes(last, 'compact').length).toBeLessThan(exportBytes(last, 'dense').length / 10);
  });

  function weights(of: SealedTicket, encoding: string): number {
    const { initializers } = exportTicket(of, encoding).graph;
    return initializers.reduce((sum, { tensor: t }) => sum + (isDType(t, 'float32') ? t.data.length : 0), 0);
  }
});
