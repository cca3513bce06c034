import { checkModel, IR_VERSION, OPSET } from '@winning-tickets/onnx';
import { describe, expect, test } from 'vitest';
import { evaluationGraph } from '../../../src/engines/onnx/evaluation-graph.js';
import { trainingGraph } from '../../../src/engines/onnx/training-graph.js';
import { smallJob, withRate } from './support.js';

const asModel = (graph: ReturnType<typeof trainingGraph>) => ({
  graph,
  metadata: {},
  producer: { name: '', version: '' },
  opset: OPSET,
  irVersion: IR_VERSION,
});

describe.each(['sgd', 'momentum', 'adam'] as const)('the training graph of %s', (kind) => {
  test.each(['float32', 'float64'] as const)('is sound in %s', (dtype) => {
    const graph = trainingGraph(smallJob({ optimizer: withRate(kind, 0.1) }), dtype);
    expect(checkModel(asModel(graph))).toEqual([]);
    const floats = graph.outputs.filter((output) => output.dtype === dtype);
    expect(floats).toHaveLength(graph.outputs.length);
  });

  test('gives back every state that it takes, and the losses', () => {
    const graph = trainingGraph(smallJob({ optimizer: withRate(kind, 0.1) }));
    const states = graph.inputs
      .map(({ name }) => name)
      .filter((name) => /^(parameter|velocity|m|v)\//.test(name));
    expect(graph.outputs.map(({ name }) => name)).toEqual([
      ...states.map((name) => `next/${name}`),
      'losses',
    ]);
    expect(graph.outputs.at(-1)?.shape).toEqual(['iterations']);
  });
});

test('the evaluation graph is sound', () => {
  expect(checkModel(asModel(evaluationGraph(smallJob())))).toEqual([]);
});

test('masks are asked for where weights can be pruned, and nowhere else', () => {
  const graph = trainingGraph(smallJob());
  const masks = graph.inputs.map(({ name }) => name).filter((name) => name.startsWith('mask/'));
  expect(masks).toEqual(['mask/fc1.weight', 'mask/fc2.weight', 'mask/fc3.weight']);
});
