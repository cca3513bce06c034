import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/graph.js';
import { decodeModel, encodeModel, readModelInfo } from '../../src/model.js';
import { models } from './arbitraries.js';
import { fixture, tiny, tinySparse, withGraph } from './small-model.js';

describe('encodeModel', () => {
  test('what is written reads back the same', () => {
    fc.assert(
      fc.property(models, (model) => {
        expect(decodeModel(encodeModel(model), 'a.onnx')).toEqual(model);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('a model that was read is written as the same bytes', () => {
    fc.assert(
      fc.property(models, (model) => {
        const bytes = encodeModel(model);
        expect(encodeModel(decodeModel(bytes, 'a.onnx'))).toEqual(bytes);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  test('a model is written as the ONNX library for Python writes it', () => {
    expect(Buffer.from(encodeModel(tiny)).toString('hex')).toBe(Buffer.from(fixture('tiny')).toString('hex'));
  });

  test('operators of another domain, in subgraphs too, import version 1 of it', () => {
    const [node] = tiny.graph.nodes;
    if (!node) throw new Error('the model has nodes');
    const inner = { ...tiny.graph, nodes: [{ ...node, domain: 'com.microsoft' }] };
    const outer = { ...node, domain: 'org.example', attributes: { body: { graph: inner } } };
    const text = Buffer.from(encodeModel(withGraph(tiny, { nodes: [outer] }))).toString('latin1');
    const imports = 'B\x11\x0a\x0dcom.microsoft\x10\x01B\x0f\x0a\x0borg.example\x10\x01';
    expect(text.split(imports)).toHaveLength(2);
  });

  test('the bytes of a tensor are written once, with a few bytes around them', () => {
    const tensor = { dtype: 'uint8' as const, shape: [1_000_000], data: new Uint8Array(1_000_000).fill(7) };
    const bytes = encodeModel(withGraph(tiny, { initializers: [{ name: 'weight', tensor }] }));
    expect(bytes.length).toBeLessThan(1_000_300);
    expect(readModelInfo(bytes, 'a.onnx').initializerBytes).toBe(1_000_000);
  });

  test("the bytes are the caller's own", () => {
    const bytes = encodeModel(tiny);
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });

  test('a view into a larger buffer is written without its surroundings', () => {
    const buffer = Float32Array.from([9, 1, -2, 0.5, 4, 9]);
    const tensor = { dtype: 'float32' as const, shape: [4, 1], data: buffer.subarray(1, 5) };
    expect(encodeModel(withGraph(tiny, { initializers: [{ name: 'weight', tensor }] }))).toEqual(
      encodeModel(tiny),
    );
  });
});

describe('ONNX Runtime', () => {
  async function run(model: Model): Promise<number[]> {
    const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1 });
    const x = new Tensor('float32', Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]), [2, 2, 2]);
    const { y } = await session.run({ x });
    await session.release();
    return Array.from(y?.data as Float32Array);
  }

  test('computes what a written model says', async () => {
    expect(await run(tiny)).toEqual([1 - 4 + 1.5 + 16, 5 - 12 + 3.5 + 32]);
  });

  test('takes a sparse initializer as the dense tensor it stands for', async () => {
    expect(await run(tinySparse)).toEqual([-4 + 16, -12 + 32]);
  });

  test('runs a Loop that was read and written again', async () => {
    const model = decodeModel(fixture('loop'), 'loop.onnx');
    const session = await InferenceSession.create(encodeModel(model), { intraOpNumThreads: 1 });
    const { end, history } = await session.run({
      count: new Tensor('int64', BigInt64Array.from([3n]), []),
      start: new Tensor('float32', Float32Array.from([1, 10]), [2]),
    });
    await session.release();
    expect(Array.from(end?.data as Float32Array)).toEqual([8, 80]);
    expect(history?.dims).toEqual([3, 2]);
  });
});
