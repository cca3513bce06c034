import { tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fanInOf } from '../../src/encodings/constant-fan-in.js';
import { exportBytes, exportTicket } from '../../src/index.js';
import { lenetTicket, makeTicket } from '../support/tickets.js';

const matrix = fc
  .record({ inputs: fc.integer({ min: 1, max: 7 }), units: fc.integer({ min: 1, max: 5 }) })
  .chain(({ inputs, units }) =>
    fc
      .array(fc.oneof(fc.constant(0), fc.float({ noNaN: true, noDefaultInfinity: true })), {
        minLength: inputs * units,
        maxLength: inputs * units,
      })
      .map((values) => tensor('float32', [inputs, units], Float32Array.from(values))),
  );

describe('lists of inputs per unit', () => {
  it('hold every weight once, at its input, and nothing else', () => {
    fc.assert(
      fc.property(matrix, (weight) => {
        const [inputs = 0, units = 0] = weight.shape;
        const { width, inputs: listed, weights } = fanInOf(weight);
        const rebuilt = new Float32Array(inputs * units);
        listed.data.forEach((input, index) => {
          const at = input * units + Math.floor(index / width);
          rebuilt[at] = (rebuilt[at] ?? 0) + (weights.data[index] ?? NaN);
        });
        // A zero has no sign here.
        expect(rebuilt).toEqual(weight.data.map((value) => value + 0));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('are as long as the longest', () => {
    const weight = tensor('float32', [3, 2], Float32Array.of(1, 0, 2, 3, 4, 0));
    const { width, inputs, weights } = fanInOf(weight);
    expect(width).toBe(3);
    expect(inputs).toEqual(tensor('int32', [2, 3], Int32Array.of(0, 1, 2, 1, 0, 0)));
    expect(weights).toEqual(tensor('float32', [2, 3], Float32Array.of(1, 2, 4, 3, 0, 0)));
  });
});

describe.each(['gather', 'gather-transposed'])('%s', (encoding) => {
  it('lists the inputs of sparse layers, and leaves a layer dense in which a unit has most of them', () => {
    const densities = (name: string) => (name === 'fc3.weight' ? 0.9 : 0.03);
    const { graph, metadata } = exportTicket(makeTicket({ ...lenetTicket, densities }), encoding);
    const fanIn = JSON.parse(metadata['tickets.fanIn'] ?? '') as Record<string, number>;
    expect(Object.keys(fanIn)).toEqual(['fc1', 'fc2']);
    expect(fanIn['fc1']).toBeLessThan(60);
    const ops = graph.nodes.map(({ op }) => op);
    expect(ops.filter((op) => op === 'Gather')).toHaveLength(2);
    expect(ops.filter((op) => op === 'Gemm')).toHaveLength(1);
  });

  it('is small where little is left', () => {
    const ticket = makeTicket(lenetTicket);
    expect(exportBytes(ticket, encoding).length).toBeLessThan(exportBytes(ticket, 'dense').length / 5);
  });

  it('keeps convolutions as they are, and lists what comes behind them', () => {
    const network = {
      name: 'images',
      input: [1, 6, 6],
      layers: [
        { kind: 'conv2d', filters: 4, kernel: 3 },
        { kind: 'relu' },
        { kind: 'flatten' },
        { kind: 'dense', name: 'fc', units: 3 },
      ],
    };
    const { graph } = exportTicket(makeTicket({ network, densities: () => 0.1, seed: 3 }), encoding);
    expect(graph.nodes.map(({ op }) => op)).toEqual(expect.arrayContaining(['Conv', 'Gather']));
  });
});
