import { describe, expect, test } from 'vitest';
import type { MessageName } from '../src/schema.js';
import { decodeMessage, encodeMessage, has, safeInteger } from '../src/schema.js';

function decode<M extends MessageName>(name: M, hex: string) {
  return decodeMessage(name, Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function encode(...[name, message]: Parameters<typeof encodeMessage>): string {
  return Buffer.from(encodeMessage(name, message)).toString('hex');
}

describe('writing', () => {
  test('repeated numbers are packed exactly where ONNX says so', () => {
    expect(encode('TensorProto', { dims: [2, 3] })).toBe('08020803');
    expect(encode('TensorProto', { floatData: [1] })).toBe('22040000803f');
    expect(encode('TensorProto', { int32Data: [1, 2] })).toBe('2a020102');
    expect(encode('TensorProto', { int64Data: [1, 2] })).toBe('3a020102');
    expect(encode('TensorProto', { doubleData: [1] })).toBe('5208000000000000f03f');
    expect(encode('TensorProto', { uint64Data: [1, 2] })).toBe('5a020102');
    expect(encode('SparseTensorProto', { dims: [2, 3] })).toBe('18021803');
    expect(encode('AttributeProto', { ints: [1, 2] })).toBe('40014002');
    expect(encode('AttributeProto', { floats: [1] })).toBe('3d0000803f');
  });

  test('a field that is zero is written all the same', () => {
    expect(encode('AttributeProto', { type: 2, i: 0 })).toBe('1800a00102');
    expect(encode('DimensionProto', { dimValue: 0 })).toBe('0800');
  });

  test('negative integers take ten bytes', () => {
    expect(encode('AttributeProto', { i: -1 })).toBe('18ffffffffffffffffff01');
  });
});

describe('reading', () => {
  test('repeated numbers are taken packed, one by one, and in pieces', () => {
    for (const hex of ['0a020203', '0802 0803', '0a0102 0803']) {
      expect(decode('TensorProto', hex).dims.map(safeInteger)).toEqual([2, 3]);
    }
    expect(decode('TensorProto', '2802 2a0103').int32Data).toEqual([2, 3]);
    expect(decode('AttributeProto', '3a080000803f00000040').floats).toEqual([1, 2]);
  });

  test('unknown fields of every wire type are skipped', () => {
    const unknown = 'f80701 f1070000000000000000 fa070161 f307f80701f407 f50700000000';
    expect(decode('DimensionProto', `${unknown} 0805 ${unknown}`)).toEqual({
      dimValue: decode('DimensionProto', '0805').dimValue,
    });
  });

  test('absent fields read as their zeros', () => {
    const tensor = decode('TensorProto', '');
    expect(tensor.dims).toEqual([]);
    expect(tensor.name).toBe('');
    expect(tensor.rawData).toHaveLength(0);
    expect(decode('ModelProto', '').graph).toBeNull();
    expect(safeInteger(decode('AttributeProto', '').i)).toBe(0);
  });

  test('a present zero is told from an absent field', () => {
    expect(has(decode('DimensionProto', '0800'), 'dimValue')).toBe(true);
    expect(has(decode('DimensionProto', ''), 'dimValue')).toBe(false);
  });

  test('64-bit integers beyond 2^53 are not rounded to a number', () => {
    expect(safeInteger(decode('AttributeProto', '18ffffffffffffff0f').i)).toBe(Number.MAX_SAFE_INTEGER);
    expect(safeInteger(decode('AttributeProto', '1880808080808080 10').i)).toBeUndefined();
  });
});
