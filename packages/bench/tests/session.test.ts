import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Initializer, Node } from '@winning-tickets/onnx';
import { IR_VERSION, OPSET, encodeModel, tensor, zeros } from '@winning-tickets/onnx';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { parseProfile } from '../src/profile.js';
import { sessionOptions } from '../src/session.js';
import { removeModels, written } from './models.js';

afterAll(removeModels);

const node = (op: string, inputs: readonly string[], output: string, axis?: number): Node => ({
  ...{ name: `${output}.node`, op, domain: '', inputs, outputs: [output] },
  attributes: axis === undefined ? {} : { axis: { int: axis } },
});

/** A product of three inputs with weights in int8 and a bias in int32, as files in eight bits have it. */
function eightBits(): Uint8Array {
  const weights = tensor('int8', [3, 2], Int8Array.of(1, -63, 20, 5, 63, -7));
  const constants: readonly (readonly [string, Initializer['tensor']])[] = [
    ['scale', tensor('float32', [], Float32Array.of(1 / 255))],
    ['zero', tensor('uint8', [], Uint8Array.of(0))],
    ['weight', weights],
    ['weight.scale', tensor('float32', [2], Float32Array.of(0.5, 0.25))],
    ['weight.zero', zeros('int8', [2])],
    ['bias', tensor('int32', [2], Int32Array.of(300, -4000))],
    ['bias.scale', tensor('float32', [2], Float32Array.of(0.5 / 255, 0.25 / 255))],
    ['bias.zero', zeros('int32', [2])],
  ];
  const graph = {
    name: 'eight-bits',
    inputs: [{ name: 'input', dtype: 'float32', shape: ['batch', 3] }],
    outputs: [{ name: 'logits', dtype: 'float32', shape: ['batch', 2] }],
    initializers: constants.map(([name, value]) => ({ name, tensor: value })),
    sparseInitializers: [],
    nodes: [
      node('QuantizeLinear', ['input', 'scale', 'zero'], 'input.uint8'),
      node('DequantizeLinear', ['input.uint8', 'scale', 'zero'], 'a'),
      node('DequantizeLinear', ['weight', 'weight.scale', 'weight.zero'], 'b', 1),
      node('DequantizeLinear', ['bias', 'bias.scale', 'bias.zero'], 'c', 0),
      node('Gemm', ['a', 'b', 'c'], 'logits'),
    ],
  } as const;
  const producer = { name: 'tests', version: '0' };
  return encodeModel({ graph, metadata: {}, producer, opset: OPSET, irVersion: IR_VERSION });
}

/** What a call gives, and the operators that it runs, with the options of a provider but on the CPU. */
async function called(file: string, provider: 'cpu' | 'cuda' | 'webgpu') {
  const prefix = `profile-${provider}`;
  const session = await InferenceSession.create(file, {
    ...{ ...sessionOptions({ provider, threads: 1 }), executionProviders: ['cpu'] },
    ...{ enableProfiling: true, profileFilePrefix: join(dirname(file), prefix) },
  });
  const { logits } = await session.run({ input: new Tensor('float32', [0.1, 0.5, 0.93], [1, 3]) });
  session.endProfiling();
  await session.release();
  const profile = readdirSync(dirname(file)).find((name) => name.startsWith(prefix)) ?? '';
  const nodes = parseProfile(JSON.parse(readFileSync(join(dirname(file), profile), 'utf8')));
  return { logits: logits?.data as Float32Array, operators: nodes.map(({ operator }) => operator).sort() };
}

describe('a model in eight bits', () => {
  it('is fused on the CPU, and rounds nothing but activations in a call elsewhere, to the same numbers', async () => {
    const file = written('eight-bits.onnx', eightBits());
    const fused = await called(file, 'cpu');
    expect(fused.operators).toEqual(['QGemm', 'QuantizeLinear']);
    for (const provider of ['cuda', 'webgpu'] as const) {
      const { logits, operators } = await called(file, provider);
      expect(operators).toEqual(['DequantizeLinear', 'Gemm', 'QuantizeLinear']);
      logits.forEach((value, at) => {
        expect(value).toBeCloseTo(fused.logits[at] ?? NaN, 4);
      });
    }
  });
});
