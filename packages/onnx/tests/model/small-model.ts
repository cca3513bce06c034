import { readFileSync } from 'node:fs';
import type { Graph, Model } from '../../src/graph.js';
import { IR_VERSION, OPSET } from '../../src/graph.js';
import { float32, int64 } from '../../src/tensor.js';

/** The bytes of a file that another writer made; see fixtures/make_fixtures.py. */
export function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`../fixtures/${name}.onnx`, import.meta.url));
}

/** The model in fixtures/tiny.onnx. */
export const tiny: Model = {
  graph: {
    name: 'tiny',
    inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 2, '?'] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 1] }],
    initializers: [{ name: 'weight', tensor: float32([1, -2, 0.5, 4], [4, 1]) }],
    sparseInitializers: [],
    nodes: [
      {
        name: 'flatten',
        op: 'Flatten',
        domain: '',
        inputs: ['x'],
        outputs: ['flat'],
        attributes: { axis: { int: 1 } },
      },
      { name: 'layer', op: 'MatMul', domain: '', inputs: ['flat', 'weight'], outputs: ['y'], attributes: {} },
    ],
  },
  metadata: { 'tickets.encoding': 'dense' },
  producer: { name: 'make_fixtures', version: '1' },
  opset: OPSET,
  irVersion: IR_VERSION,
};

/** The model with parts of its graph replaced. */
export function withGraph(model: Model, parts: Partial<Graph>): Model {
  return { ...model, graph: { ...model.graph, ...parts } };
}

/** The model in fixtures/tiny.onnx, its weight as a sparse initializer. */
export const tinySparse: Model = withGraph(tiny, {
  initializers: [],
  sparseInitializers: [
    { name: 'weight', dtype: 'float32', shape: [4, 1], values: float32([-2, 4]), indices: int64([1, 3]) },
  ],
});
