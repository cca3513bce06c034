import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../src/graph.js';
import { decodeModel, encodeModel, readModelInfo } from '../../src/model.js';
import type { WriteMessage } from '../../src/schema.js';
import { encodeMessage } from '../../src/schema.js';
import { models } from './arbitraries.js';
import { fixture, tiny } from './small-model.js';

function initializer(model: Model, name: string) {
  const found = model.graph.initializers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no initializer '${name}'`);
  return found.tensor;
}

/** A file with one graph of the given parts. */
function file(graph: WriteMessage<'GraphProto'>, model: WriteMessage<'ModelProto'> = {}): Uint8Array {
  const opsetImport = [{ domain: '', version: 18 }];
  return encodeMessage('ModelProto', { irVersion: 9, opsetImport, graph, ...model });
}

function fileWithTensor(tensor: WriteMessage<'TensorProto'>): Uint8Array {
  return file({ initializer: [{ name: 'w', ...tensor }] });
}

function fileWithAttribute(attribute: WriteMessage<'AttributeProto'>): Uint8Array {
  return file({ node: [{ name: 'n', opType: 'Op', attribute: [{ name: 'a', ...attribute }] }] });
}

function decode(bytes: Uint8Array): Model {
  return decodeModel(bytes, 'a.onnx');
}

describe('decodeModel', () => {
  test('reads what the ONNX library for Python wrote', () => {
    expect(decode(fixture('tiny'))).toEqual(tiny);
  });

  test('reads elements from the typed fields of every dtype', () => {
    const model = decode(fixture('typed-data'));
    expect([...initializer(model, 'f32').data]).toEqual([1.5, -2.25, Math.fround(3e38)]);
    expect([...initializer(model, 'f64').data]).toEqual([0.1, -1e300]);
    expect([...initializer(model, 'f16').data]).toEqual([0x3c00, 0xfbff]);
    expect(initializer(model, 'i64')).toEqual({
      dtype: 'int64',
      shape: [2, 2],
      data: BigInt64Array.from([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]),
    });
    expect([...initializer(model, 'i32').data]).toEqual([2 ** 31 - 1, -(2 ** 31)]);
    expect([...initializer(model, 'i8').data]).toEqual([127, -128]);
    expect([...initializer(model, 'u8').data]).toEqual([0, 255]);
    expect([...initializer(model, 'b').data]).toEqual([1, 0, 1]);
    expect(initializer(model, 'scalar')).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(7) });
    expect(initializer(model, 'none')).toEqual({ dtype: 'float32', shape: [0, 4], data: new Float32Array() });
    expect(model.metadata).toEqual({ 'tickets.encoding': 'dense', unicode: 'é中😀' });
  });

  test('reads sparse initializers, an index per axis as a linear one', () => {
    const { graph } = decode(fixture('sparse'));
    const [weight, bias] = graph.sparseInitializers;
    expect(weight).toMatchObject({ name: 'weight', dtype: 'float32', shape: [4, 3] });
    expect([...(weight?.indices.data ?? [])]).toEqual([2n, 3n, 4n, 11n]);
    expect(weight?.values.data).toHaveLength(4);
    expect(bias).toMatchObject({ name: 'bias', shape: [3] });
    expect([...(bias?.indices.data ?? [])]).toEqual([1n]);
    expect(graph.outputs[0]?.shape).toEqual(['?', 3]);
  });

  test('reads the graph in an attribute', () => {
    const { graph } = decode(fixture('loop'));
    const body = graph.nodes[0]?.attributes['body'];
    expect(body && 'graph' in body && body.graph.nodes.map(({ op }) => op)).toEqual([
      'Mul',
      'Identity',
      'Identity',
    ]);
  });

  test('keeps the standard operator set among several, under either of its names', () => {
    const imports = [
      { domain: 'com.microsoft', version: 1 },
      { domain: 'ai.onnx', version: 17 },
    ];
    const node = { opType: 'Relu', domain: 'ai.onnx' };
    const model = decode(file({ node: [node] }, { opsetImport: imports }));
    expect(model.opset).toBe(17);
    expect(model.graph.nodes[0]?.domain).toBe('');
  });

  test('copies the elements: the file can change afterwards', () => {
    const bytes = Uint8Array.from(fixture('tiny'));
    const model = decode(bytes);
    bytes.fill(0);
    expect(model).toEqual(tiny);
  });

  test('takes a file at any place of a larger buffer', () => {
    for (let offset = 0; offset < 8; offset += 1) {
      const larger = new Uint8Array(fixture('tiny').length + 16);
      larger.set(fixture('tiny'), offset);
      expect(decode(larger.subarray(offset, offset + fixture('tiny').length))).toEqual(tiny);
    }
  });

  test('metadata named like a property of objects is metadata', () => {
    const bytes = file({}, { metadataProps: [{ key: '__proto__', value: 'x' }] });
    expect(Object.entries(decode(bytes).metadata)).toEqual([['__proto__', 'x']]);
  });
});

describe('a file that is not sound', () => {
  // Reading either succeeds or ends with one sentence about the file.
  function expectCleanEnd(bytes: Uint8Array): void {
    for (const read of [decodeModel, readModelInfo]) {
      try {
        read(bytes, 'cut.onnx');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        expect((error as Error).message).toMatch(/^cut\.onnx/);
      }
    }
  }

  test.each(['tiny', 'typed-data', 'sparse', 'loop', 'external', 'foreign'])(
    'every beginning of %s.onnx reads or is refused in a sentence',
    (name) => {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length += 1) expectCleanEnd(bytes.subarray(0, length));
    },
  );

  test('any bytes read or are refused in a sentence', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), expectCleanEnd), { seed: 1, numRuns: 2000 });
  });

  test('a model with any byte changed reads or is refused in a sentence', () => {
    fc.assert(
      fc.property(models, fc.nat(), fc.nat(255), (model, position, byte) => {
        const bytes = encodeModel(model);
        bytes[position % bytes.length] = byte;
        expectCleanEnd(bytes);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('a file that is cut short is told from a model', () => {
    const bytes = fixture('tiny');
    expect(() => decode(bytes.subarray(0, 100))).toThrow(/^a\.onnx is not an ONNX model: it is cut short/);
    expect(() => decode(new Uint8Array())).toThrow('a.onnx is not an ONNX model: it is empty');
    expect(() => decode(encodeMessage('ModelProto', { irVersion: 9 }))).toThrow(
      'a.onnx is not an ONNX model: it holds no graph',
    );
    expect(() => decode(Buffer.from('<!doctype html><html>'))).toThrow(/^a\.onnx is not an ONNX model/);
  });

  test('graphs nested beyond any use are refused, not followed', () => {
    // Field by field, since writing has the same limit.
    let bytes = new Uint8Array();
    for (let depth = 0; depth < 2000; depth += 1) {
      const attribute = delimited(6, bytes);
      bytes = delimited(1, delimited(5, attribute));
    }
    expect(() => decode(delimited(7, bytes))).toThrow(/^a\.onnx is not an ONNX model.*depth/);
    expect(() => readModelInfo(delimited(7, bytes), 'a.onnx')).toThrow(
      /^a\.onnx is not an ONNX model.*depth/,
    );
  });

  test('a shape that promises more than the file holds is refused before anything is allocated', () => {
    const huge = [2 ** 20, 2 ** 20, 2 ** 10];
    expect(() => decode(fileWithTensor({ dims: huge, dataType: 1, rawData: new Uint8Array(4) }))).toThrow(
      "a.onnx: initializer 'w': float32 of shape [1048576, 1048576, 1024] takes 4503599627370496 bytes, found 4",
    );
    expect(() => decode(fileWithTensor({ dims: huge, dataType: 1, floatData: [1] }))).toThrow(
      "a.onnx: initializer 'w': float32 of shape [1048576, 1048576, 1024] has 1125899906842624 elements, found 1",
    );
    expect(() => decode(fileWithTensor({ dims: [2 ** 40, 2 ** 40], dataType: 1 }))).toThrow(
      /more elements than can be counted/,
    );
    expect(() => decode(fileWithTensor({ dims: [-1], dataType: 1 }))).toThrow(
      "a.onnx: initializer 'w': a size must be between 0 and 2^53 - 1, found -1",
    );
  });

  test('an element that its dtype cannot hold is refused', () => {
    expect(() => decode(fileWithTensor({ dims: [2], dataType: 2, int32Data: [1, 256] }))).toThrow(
      "a.onnx: initializer 'w': element 1 is 256, which its dtype cannot hold",
    );
  });

  test('a dimension below zero is refused', () => {
    const tensorType = { elemType: 1, shape: { dim: [{ dimValue: -1 }] } };
    expect(() => decode(file({ input: [{ name: 'x', type: { tensorType } }] }))).toThrow(
      "a.onnx: input 'x' has size -1, expected 0 or more",
    );
  });
});

describe('a model that has no place here', () => {
  test('data in another file is refused', () => {
    expect(() => decode(fixture('external'))).toThrow(
      "a.onnx: initializer 'weight' keeps its data in another file, which is not supported: save the model with its data inside",
    );
  });

  test('a dtype that no tensor here has is refused by name', () => {
    expect(() => decode(fixture('foreign'))).toThrow(
      /^a\.onnx: input 'x' has dtype bfloat16, expected one of float32/,
    );
    expect(() => decode(fileWithTensor({ dataType: 99 }))).toThrow(
      /^a\.onnx: initializer 'w' has dtype element type 99/,
    );
  });

  test('an attribute of a kind that no node here has is refused, with its node', () => {
    expect(() => decode(fileWithAttribute({ type: 11 }))).toThrow(
      /^a\.onnx: node 'n' \(Op\): attribute 'a' is of kind sparse_tensor, expected one of float, int/,
    );
    expect(() => decode(fileWithAttribute({ refAttrName: 'b' }))).toThrow(
      "a.onnx: node 'n' (Op): attribute 'a' refers to an attribute of a function",
    );
  });

  test('what is wrong in a subgraph is told with the node that holds it', () => {
    const g = { initializer: [{ name: 'w', dataType: 16 }] };
    expect(() => decode(fileWithAttribute({ type: 5, g }))).toThrow(
      /^a\.onnx: node 'n' \(Op\): attribute 'a': initializer 'w' has dtype bfloat16/,
    );
  });

  test('an integer that a number does not hold exactly is refused, not rounded', () => {
    const bytes = fileWithAttribute({ type: 2, i: 2 ** 60 });
    expect(() => decode(bytes)).toThrow(
      "a.onnx: node 'n' (Op): attribute 'a' is 1152921504606846976, which a number does not hold exactly",
    );
  });

  test('text that is not UTF-8 is refused, not replaced', () => {
    expect(() => decode(fileWithAttribute({ type: 3, s: Uint8Array.of(0xff) }))).toThrow(
      /is not UTF-8 text$/,
    );
  });

  test('an attribute that is given twice is refused', () => {
    const attribute = { name: 'a', type: 2, i: 1 };
    const node = { name: 'n', opType: 'Op', attribute: [attribute, attribute] };
    expect(() => decode(file({ node: [node] }))).toThrow("a.onnx: node 'n' (Op) has attribute 'a' twice");
  });

  test('a value without shape or of another kind is refused', () => {
    const name = 'x';
    expect(() => decode(file({ input: [{ name, type: { tensorType: { elemType: 1 } } }] }))).toThrow(
      "a.onnx: input 'x' has no shape",
    );
    expect(() => decode(file({ input: [{ name }] }))).toThrow(
      "a.onnx: input 'x' is not declared as a tensor",
    );
  });

  test('functions of the model and a missing operator set are refused', () => {
    expect(() => decode(file({}, { functions: [new Uint8Array()] }))).toThrow(/^a\.onnx defines functions/);
    expect(() => decode(file({}, { opsetImport: [{ domain: 'org.example', version: 1 }] }))).toThrow(
      'a.onnx names no version of the standard operator set',
    );
  });
});

/** A length-delimited field of a message. */
function delimited(field: number, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest % 128) + 128);
  }
  return Uint8Array.from([field * 8 + 2, ...length, ...bytes]);
}
