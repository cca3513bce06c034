import type { Graph } from '@winning-tickets/onnx';
import { IR_VERSION, OPSET, encodeModel } from '@winning-tickets/onnx';
import type { NetworkSpec } from '@winning-tickets/ticket';
import { describe, expect, it } from 'vitest';
import { dense } from '../../src/encodings/dense.js';
import { poolFirst } from '../../src/encodings/pool-first.js';
import { logits } from '../support/runtime.js';
import { makeTicket, samples } from '../support/tickets.js';

const conv = (filters: number) => ({ kind: 'conv2d', filters, kernel: 3, padding: 'same' });
const relu = { kind: 'relu' };
const pool = { kind: 'maxpool', kernel: 2 };

const graphOf = (layers: NetworkSpec['layers'], channels = 1): Graph => {
  const network = {
    ...{ name: 'pooled', input: [channels, 8, 8] },
    layers: [...layers, { kind: 'flatten' }, { kind: 'dense', units: 3 }],
  };
  return dense.build(makeTicket({ network, densities: () => 0.7, seed: 3 }), {}).graph;
};

const operators = ({ nodes }: Graph) =>
  nodes.map(({ op }) => op).filter((op) => op === 'Conv' || op === 'Relu' || op === 'MaxPool');

const logitsOf = (graph: Graph) => {
  const producer = { name: 'tests', version: '0' };
  const bytes = encodeModel({ graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION });
  return logits(
    bytes,
    [5, 1, 8, 8],
    samples([1, 8, 8], 5, 2).map((value) => value - 0.5),
  );
};

describe('poolFirst', () => {
  it('puts the ReLU of a convolution in float32 behind its pooling, to the same numbers', async () => {
    const graph = graphOf([conv(6), relu, pool, conv(8), relu, pool]);
    const pooled = poolFirst(graph);
    expect(operators(pooled)).toEqual(['Conv', 'MaxPool', 'Relu', 'Conv', 'Relu', 'MaxPool']);
    expect(await logitsOf(pooled)).toEqual(await logitsOf(graph));
  });

  it('leaves convolutions in eight bits, pooling without ReLU, and a ReLU without pooling as they are', () => {
    for (const graph of [
      graphOf([conv(6), relu, pool], 6),
      graphOf([conv(6), pool, conv(6), relu]),
      graphOf([conv(6), relu, conv(6)]),
    ]) {
      expect(poolFirst(graph)).toEqual(graph);
    }
  });

  it('leaves a ReLU that something else reads', () => {
    const graph = graphOf([conv(6), relu, pool]);
    const rectified = graph.nodes.find(({ op }) => op === 'Relu')?.outputs[0] ?? '';
    const reader = { name: 'reader', op: 'Identity', domain: '', inputs: [rectified], outputs: ['read'] };
    const read = { ...graph, nodes: [...graph.nodes, { ...reader, attributes: {} }] };
    expect(poolFirst(read)).toEqual(read);
    const shown = {
      ...graph,
      outputs: [...graph.outputs, { ...graph.outputs[0], name: rectified }],
    } as Graph;
    expect(poolFirst(shown)).toEqual(shown);
  });
});
