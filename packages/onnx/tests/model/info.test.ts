import { describe, expect, test } from 'vitest';
import { encodeModel, readModelInfo } from '../../src/model.js';
import { encodeMessage } from '../../src/schema.js';
import { fixture, tinySparse } from './small-model.js';

function info(name: string) {
  return readModelInfo(fixture(name), `${name}.onnx`);
}

describe('readModelInfo', () => {
  test('says what a model takes, gives and holds', () => {
    expect(info('tiny')).toEqual({
      metadata: { 'tickets.encoding': 'dense' },
      inputs: [{ name: 'x', dtype: 'float32', shape: ['batch', 2, '?'] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: ['batch', 1] }],
      opset: 18,
      irVersion: 9,
      producer: { name: 'make_fixtures', version: '1' },
      nodeCounts: { Flatten: 1, MatMul: 1 },
      initializerBytes: 16,
    });
  });

  test('takes dtypes, operators and kinds of values that no graph here has', () => {
    expect(info('foreign')).toMatchObject({
      inputs: [{ name: 'x', dtype: 'bfloat16', shape: ['batch', 2] }],
      outputs: [
        { name: 'parts', dtype: 'sequence', shape: null },
        { name: 'z', dtype: 'string', shape: null },
      ],
      nodeCounts: { Mul: 1, SequenceConstruct: 1, 'org.example.Unheard': 1 },
      initializerBytes: 4,
    });
  });

  test('counts the nodes of subgraphs', () => {
    expect(info('loop').nodeCounts).toEqual({ Loop: 1, Mul: 1, Identity: 2 });
  });

  test('counts the bytes of elements wherever they are stored', () => {
    // float32, float64, float16, int64, int32, int8, uint8, bool and a scalar.
    expect(info('typed-data').initializerBytes).toBe(12 + 16 + 4 + 32 + 8 + 2 + 2 + 3 + 4);
    expect(info('external').initializerBytes).toBe(16);
    expect(readModelInfo(encodeModel(tinySparse), 'a.onnx').initializerBytes).toBe(2 * 4 + 2 * 8);
  });

  test('a size that is not one is unknown', () => {
    const tensorType = { elemType: 99, shape: { dim: [{ dimValue: -1 }, { dimValue: 2 ** 60 }, {}] } };
    const bytes = encodeMessage('ModelProto', { graph: { input: [{ name: 'x', type: { tensorType } }] } });
    expect(readModelInfo(bytes, 'a.onnx')).toMatchObject({
      inputs: [{ name: 'x', dtype: 'element type 99', shape: ['?', '?', '?'] }],
      opset: null,
      irVersion: 0,
    });
  });
});
