import type { DType, Tensor, Tensors } from '@winning-tickets/onnx';
import { bytesPerElement, float32, sizeOf, tensor, zeros } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../src/index.js';

const dtypes = Object.keys(bytesPerElement) as DType[];

const anyTensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...dtypes), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const length = sizeOf(shape) * bytesPerElement[dtype];
    return fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => {
      const values = zeros(dtype, shape);
      new Uint8Array(values.data.buffer).set(bytes);
      return values;
    });
  });

const anyFile = fc.record({
  tensors: fc.dictionary(fc.string({ unit: 'grapheme' }), anyTensor, { maxKeys: 6 }),
  metadata: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 4 }),
});

const bytesOf = ({ data }: Tensor) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
const plain = (tensors: Tensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, [t.dtype, [...t.shape], bytesOf(t)]]));

describe('a safetensors file', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(anyFile, ({ tensors, metadata }) => {
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), 'x');
        expect(plain(decoded.tensors)).toEqual(plain(tensors));
        expect(decoded.metadata).toEqual({ ...metadata });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('has the same bytes whatever the order of its contents', () => {
    const a = float32([1, 2]);
    const b = tensor('uint8', [3], Uint8Array.of(1, 2, 3));
    const c = tensor('float64', [1], Float64Array.of(4));
    expect(encodeSafetensors({ a, b, c }, { x: '1', y: '2' })).toEqual(
      encodeSafetensors({ c, b, a }, { y: '2', x: '1' }),
    );
  });

  it('is laid out as the format says', () => {
    const bytes = encodeSafetensors(
      { b: tensor('bool', [1], Uint8Array.of(1)), a: float32([1.5]) },
      { k: 'v' },
    );
    const header =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
      '"b":{"dtype":"BOOL","shape":[1],"data_offsets":[4,5]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(padded.length));
    expect(Buffer.from(bytes.subarray(8, 8 + padded.length)).toString()).toBe(padded);
    expect([...bytes.subarray(8 + padded.length)]).toEqual([0, 0, 0xc0, 0x3f, 1]);
  });

  it('gives views where aligned, and copies of the same values elsewhere', () => {
    const bytes = encodeSafetensors({ a: float32([1, 2]) });
    expect(decodeSafetensors(bytes, 'x').tensors['a']?.data.buffer).toBe(bytes.buffer);
    const shifted = Buffer.concat([Buffer.alloc(1), bytes]).subarray(1);
    const copy = shifted.byteOffset % 4 === 0 ? Buffer.from(shifted.buffer, shifted.byteOffset + 1) : shifted;
    expect(decodeSafetensors(copy, 'x').tensors['a']).toEqual(float32([1, 2]));
  });

  it('is not written with a header above 1 MB', () => {
    expect(() => encodeSafetensors({}, { words: 'x'.repeat(1_000_000) })).toThrow('more than 1000000');
  });
});

describe('a damaged or hostile file', () => {
  const file = (header: string | Uint8Array, dataBytes = 0, length?: bigint) => {
    const content = Buffer.from(header);
    const prefix = Buffer.alloc(8);
    prefix.writeBigUInt64LE(length ?? BigInt(content.length));
    return Buffer.concat([prefix, content, Buffer.alloc(dataBytes)]);
  };
  const entry = (offsets: string, shape = '[1]', dtype = '"F32"') =>
    `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;

  it.each([
    ['no length', Buffer.alloc(3), 'it has 3 bytes'],
    [
      'a header above 1 MB',
      file('{}', 0, 2_000_000n),
      'the header says it has 2000000 bytes; more than 1000000',
    ],
    ['a header of 2^63 bytes', file('{}', 0, 2n ** 63n), 'more than 1000000 are refused'],
    ['a header longer than the file', file('{}', 0, 100n), 'the file ends after 2 of them'],
    ['a header that is not UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), 'not UTF-8'],
    ['a header that is not JSON', file('{"a":}'), 'not valid JSON'],
    ['a header that is a list', file('[]'), 'must be a JSON object'],
    ['a header padded with tabs', file('{}\t'), 'must be a JSON object'],
    ['a header with space before it', file(' {}'), 'must be a JSON object'],
    ['a repeated name', file(`{"a":${entry('[0,4]')},"a":${entry('[0,4]')}}`, 4), "has 'a' twice"],
    ['an entry that is a number', file('{"a":1}'), "tensor 'a': its entry must be an object"],
    ['an entry with an unknown key', file('{"a":{"x":1}}'), "tensor 'a': unknown key 'x'"],
    ['an unknown dtype', file(`{"a":${entry('[0,4]', '[1]', '"F31"')}}`, 4), 'unknown dtype "F31"'],
    ['a dtype named like a method', file(`{"a":${entry('[0,4]', '[1]', '"toString"')}}`, 4), 'unknown dtype'],
    ['a negative size', file(`{"a":${entry('[0,4]', '[-1]')}}`, 4), "'shape' must be a list of sizes"],
    ['a fractional size', file(`{"a":${entry('[0,4]', '[0.5]')}}`, 4), "'shape' must be a list of sizes"],
    ['three offsets', file(`{"a":${entry('[0,4,4]')}}`, 4), 'must be two offsets, found 3'],
    ['offsets that are text', file(`{"a":${entry('"04"')}}`, 4), 'must be two offsets'],
    ['offsets in reverse', file(`{"a":${entry('[4,0]')}}`, 4), 'bytes 4 to 0 lie outside'],
    ['offsets past the end', file(`{"a":${entry('[0,8]', '[2]')}}`, 4), 'bytes 0 to 8 lie outside the file'],
    [
      'a shape of another size',
      file(`{"a":${entry('[0,4]', '[2]')}}`, 4),
      'float32 [2] takes 8 bytes, found 4',
    ],
    [
      'a size that overflows',
      file(`{"a":${entry('[0,4]', '[9007199254740991,9007199254740991]')}}`, 4),
      'found 4',
    ],
    [
      'overlapping tensors',
      file(`{"a":${entry('[0,8]', '[2]')},"b":${entry('[4,8]')}}`, 8),
      "tensor 'b' overlaps another",
    ],
    ['a hole', file(`{"a":${entry('[0,4]')},"b":${entry('[8,12]')}}`, 12), "bytes 4 to 8 before tensor 'b'"],
    [
      'bytes after the last tensor',
      file(`{"a":${entry('[0,4]')}}`, 9),
      'the tensors take 4 bytes, the file has 9',
    ],
    ['metadata that are a list', file('{"__metadata__":[]}'), "'__metadata__' must be an object of text"],
    [
      'metadata that are not text',
      file('{"__metadata__":{"k":1}}'),
      "metadata 'k' must be text, found number",
    ],
  ])('with %s is refused', (_title, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'x.safetensors')).toThrow(/^x\.safetensors: [^\n]+$/);
    expect(() => decodeSafetensors(bytes, 'x.safetensors')).toThrow(message);
  });

  it('with a tensor named __proto__ gets an ordinary entry of that name', () => {
    const { tensors } = decodeSafetensors(file(`{"__proto__":${entry('[0,4]')}}`, 4), 'x');
    expect(Object.keys(tensors)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype);
  });

  it('cut anywhere is refused', () => {
    fc.assert(
      fc.property(
        anyFile,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (content, share) => {
          const bytes = encodeSafetensors(content.tensors, content.metadata);
          const cut = bytes.slice(0, Math.floor(bytes.length * share));
          expect(() => decodeSafetensors(cut, 'x')).toThrow(/^x: [^\n]+$/);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });
});
