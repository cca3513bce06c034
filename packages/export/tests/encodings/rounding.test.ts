import type { Model } from '@winning-tickets/onnx';
import { checkModel, encodeModel, isDType, sizeOf, tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodingOptions, SealedTicket, StoredInputs } from '../../src/index.js';
import {
  calibrate,
  calibrateSubnetwork,
  exportFileName,
  exportTicket,
  feedsOf,
  verifyExport,
} from '../../src/index.js';
import { bagDataset, testDataset } from '../support/dataset.js';
import { evaluate } from '../support/reference.js';
import { logitsFor, runtime } from '../support/runtime.js';
import { anyTicket, bagTicket, lenetTicket, makeTicket, samples, smallNetwork } from '../support/tickets.js';

/** Samples in [0, 1), as they enter a network whose data are not scaled. */
function uniformSamples(ticket: SealedTicket, count: number): StoredInputs {
  const { inputShape, inputScale } = ticket.metadata.dataset;
  const data = samples(inputShape, count, 5).map((value) => value / inputScale);
  return { shape: [count, ...inputShape], data };
}

async function rounded(
  ticket: SealedTicket,
  encoding: string,
  inputs: StoredInputs,
  options: EncodingOptions = {},
) {
  const ranges = await calibrate({ ticket, encoding, options, inputs, run: runtime });
  return exportTicket(ticket, encoding, options, ranges);
}

async function logits(model: Model, ticket: SealedTicket, inputs: StoredInputs): Promise<Float32Array> {
  const { inputShape, inputScale } = ticket.metadata.dataset;
  const form = (model.metadata['tickets.inputForm'] ?? 'dense') as 'dense';
  const count = inputs.shape[0] ?? 0;
  return await logitsFor(encodeModel(model), feedsOf(inputs, 0, count, { form, inputShape, inputScale }));
}

function largestError(found: Float32Array, expected: readonly number[]): number {
  const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  return found.reduce((a, value, at) => Math.max(a, Math.abs(value - (expected[at] ?? NaN)) / largest), 0);
}

describe('rounded weights', () => {
  it.each([
    ['fp16', 3e-3],
    ['int8', 0.1],
  ])('in %s compute nearly the trained network, as sound ONNX', async (encoding, tolerance) => {
    await fc.assert(
      fc.asyncProperty(anyTicket, fc.constantFrom('dense', 'compact'), async (ticket, of) => {
        const inputs = uniformSamples(ticket, 16);
        const model = await rounded(ticket, encoding, inputs, { of });
        expect(checkModel(model)).toEqual([]);
        const size = sizeOf(ticket.metadata.dataset.inputShape);
        const values = samples(ticket.metadata.dataset.inputShape, 16, 5);
        const expected = Array.from({ length: 16 }, (_, sample) =>
          evaluate(ticket, values.subarray(sample * size, (sample + 1) * size)),
        );
        expect(largestError(await logits(model, ticket, inputs), expected.flat())).toBeLessThan(tolerance);
      }),
      { seed: 1, numRuns: 15 },
    );
  });

  it.each(['fp16', 'int8'])('in %s also over bags', async (encoding) => {
    const ticket = bagTicket(20, () => 0.5);
    const dataset = bagDataset(ticket, 60, 2);
    for (const of of ['bag', 'shared-bag', 'dense']) {
      const model = await rounded(ticket, encoding, dataset.test.inputs, { of });
      const check = await verifyExport({ ticket, bytes: encodeModel(model), dataset, run: runtime });
      expect(check.problem).toBeUndefined();
      expect(check.maxLogitDifference).toBeGreaterThan(0);
      expect(exportFileName(model)).toMatch(
        of === 'dense' ? `density0.5-${encoding}.onnx` : `-${of}-${encoding}.onnx`,
      );
    }
  });

  it('take half and a quarter of the file', async () => {
    const ticket = makeTicket(lenetTicket);
    const inputs = uniformSamples(ticket, 4);
    const size = async (encoding: string) => encodeModel(await rounded(ticket, encoding, inputs)).length;
    const dense = await size('dense');
    expect(await size('fp16')).toBeLessThan(0.51 * dense);
    expect(await size('int8')).toBeLessThan(0.27 * dense);
  });

  it('are proved with what their encoding allows, and refused beyond', async () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 0.8, seed: 4 });
    const dataset = testDataset(ticket, 80, 3);
    const model = await rounded(ticket, 'fp16', dataset.test.inputs);
    const verify = (bytes: Uint8Array) => verifyExport({ ticket, bytes, dataset, run: runtime });
    expect(await verify(encodeModel(model))).toMatchObject({
      equal: true,
      tolerance: { logit: 5e-3, accuracy: 0.002 },
    });
    const initializers = model.graph.initializers.map((one) =>
      isDType(one.tensor, 'float16')
        ? { ...one, tensor: { ...one.tensor, data: one.tensor.data.map(() => 0) } }
        : one,
    );
    const check = await verify(encodeModel({ ...model, graph: { ...model.graph, initializers } }));
    expect(check.problem).toMatch(/^a logit differs by /);
  });

  it('must be of an encoding that can be rounded', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 1 });
    expect(() => exportTicket(ticket, 'fp16', { of: 'compac' })).toThrow(
      "option 'of' must be one of dense, compact, bag, shared-bag, found compac; did you mean 'compact'?",
    );
    expect(() => exportTicket(ticket, 'fp16', { of: 'bag' })).toThrow(
      "encoding 'bag' is for networks over bags",
    );
  });
});

describe('eight bits', () => {
  it('keep what is pruned at zero, and use at most seven in products', async () => {
    const ticket = makeTicket({ ...lenetTicket, densities: () => 0.3 });
    const { graph } = await rounded(ticket, 'int8', uniformSamples(ticket, 4));
    for (const [name, mask] of Object.entries(ticket.masks)) {
      const weights = graph.initializers.find((one) => one.name === `${name}.int8`)?.tensor;
      if (!weights || !isDType(weights, 'int8')) throw new Error(`${name} is not in int8`);
      expect(weights.data.every((value, index) => mask.data[index] === 1 || value === 0)).toBe(true);
      expect(weights.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(63);
    }
  });

  it('are left to convolutions over at least six channels', async () => {
    const conv = (filters: number) => ({ kind: 'conv2d', filters, kernel: 3 });
    const layers = [conv(5), conv(6), conv(7), { kind: 'flatten' }, { kind: 'dense', units: 2 }];
    const network = { name: 'convolutions', input: [1, 8, 8], layers };
    const ticket = makeTicket({ network, densities: () => 1, seed: 1 });
    const { graph } = await rounded(ticket, 'int8', uniformSamples(ticket, 4));
    const dtypes = Object.fromEntries(graph.initializers.map(({ name, tensor }) => [name, tensor.dtype]));
    expect(dtypes).toMatchObject({ 'conv1.weight': 'float32', 'conv2.weight': 'float32' });
    expect(dtypes).toMatchObject({ 'conv3.weight.int8': 'int8', 'conv3.bias.int32': 'int32' });
  });

  it('need the ranges of activations', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 1 });
    expect(() => exportTicket(ticket, 'int8')).toThrow(
      "encoding 'int8' needs training samples to see how large activations get",
    );
  });

  it('are calibrated on the extremes over the samples, which other encodings do not ask for', async () => {
    const network = { name: 'one', input: [2], layers: [{ kind: 'relu' }, { kind: 'dense', units: 2 }] };
    const ticket = makeTicket({ network, densities: () => 1, seed: 1 });
    const data = Float32Array.of(-255, 51, 0, 102);
    const calibration = { ticket, inputs: { shape: [2, 2], data }, run: runtime };
    const ranges = await calibrate({ ...calibration, encoding: 'int8' });
    const [[least, greatest] = [NaN, NaN]] = Object.values(ranges ?? {});
    expect(least).toBe(0);
    expect(greatest).toBeCloseTo(0.4, 6);
    expect(await calibrate({ ...calibration, encoding: 'fp16' })).toBeUndefined();
    await expect(
      calibrate({ ...calibration, encoding: 'int8', inputs: { shape: [0, 2], data: new Float32Array() } }),
    ).rejects.toThrow('there are no training samples to calibrate on');
  });

  it('are calibrated alike for a network that comes from no ticket', async () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 0.5, seed: 2 });
    const inputs = uniformSamples(ticket, 8);
    const { inputShape, inputScale } = ticket.metadata.dataset;
    const batch = feedsOf(inputs, 0, 8, { form: 'dense', inputShape, inputScale });
    const expected = await calibrate({ ticket, encoding: 'int8', inputs, run: runtime });
    expect(expected).toBeDefined();
    expect(await calibrateSubnetwork(ticket, 'int8', {}, [batch], runtime)).toEqual(expected);
    expect(await calibrateSubnetwork(ticket, 'dense', {}, [batch], runtime)).toBeUndefined();
  });

  it('see samples from all over a large training side', async () => {
    const network = { name: 'one', input: [1], layers: [{ kind: 'dense', units: 2 }] };
    const ticket = makeTicket({ network, densities: () => 1, seed: 1 });
    const data = Float32Array.from({ length: 5000 }, (_, sample) => 255 * sample);
    const ranges = await calibrate({
      ...{ ticket, encoding: 'int8', run: runtime },
      inputs: { shape: [5000, 1], data },
    });
    expect(ranges?.['input']?.[0]).toBe(0);
    expect(ranges?.['input']?.[1]).toBeCloseTo(4999, 2);
  });
});

describe('half precision', () => {
  it('refuses a weight that it does not hold', () => {
    const ticket = makeTicket({ network: smallNetwork, densities: () => 1, seed: 1 });
    const bias = tensor('float32', [3], Float32Array.of(1, 70_000, 3));
    expect(() => exportTicket({ ...ticket, best: { ...ticket.best, 'fc2.bias': bias } }, 'fp16')).toThrow(
      "parameter 'fc2.bias' has 70000, half precision ends at 65504: use another encoding",
    );
  });
});
