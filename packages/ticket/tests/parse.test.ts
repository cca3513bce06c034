import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parse } from '../src/index.js';

const schema = z.strictObject({
  name: z.string().min(2),
  rate: z.number().gt(0).max(1).optional(),
  mode: z.enum(['fast', 'slow']),
  inner: z.array(z.strictObject({ size: z.int() }).optional()),
});
const valid = { name: 'ab', mode: 'fast', inner: [{ size: 1 }] };

describe('a value that fits its schema', () => {
  it('is returned', () => {
    expect(parse(schema, valid, 'x')).toEqual(valid);
  });
});

describe('a value that may have several forms', () => {
  const forms = z.strictObject({
    optimizer: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('sgd'), rate: z.number() }),
        z.strictObject({ kind: z.literal('adam'), rate: z.number(), beta1: z.number().optional() }),
      ])
      .optional(),
    network: z.union([z.string(), z.strictObject({ layers: z.number() })]).optional(),
    rates: z.record(z.string(), z.strictObject({ rate: z.number() })).optional(),
    text: z.strictObject({ words: z.number() }).exactOptional(),
  });

  it.each([
    [{ optimizer: { kind: 'adm' } }, `'optimizer.kind' must be one of "sgd", "adam", found "adm"`],
    [
      { optimizer: { kind: 'adam', rate: 1, beta: 1 } },
      "unknown key 'beta' in 'optimizer'; did you mean 'beta1'?",
    ],
    [{ text: { wrods: 1 } }, "unknown key 'wrods' in 'text'; did you mean 'words'?"],
    [{ network: 3 }, "'network' must be of type string, or of type object, found 3"],
    [
      { network: { layers: '1' } },
      `'network' must be of type string, or an object with 'layers' of type number, found {"layers":"1"}`,
    ],
    [{ rates: { fc1: { rat: 1, rate: 1 } } }, "unknown key 'rat' in 'rates.fc1'; did you mean 'rate'?"],
  ])('is told what each form needs: %j', (value, message) => {
    expect(() => parse(forms, value, 'x')).toThrow(new Error(`x: ${message}`));
  });
});

describe('a value that does not fit', () => {
  it.each([
    [{ ...valid, rate: 2 }, "x.json: 'rate' must be at most 1, found 2"],
    [{ ...valid, rate: 0 }, "x.json: 'rate' must be above 0, found 0"],
    [{ ...valid, rate: NaN }, "x.json: 'rate' must be of type number, found NaN"],
    [{ ...valid, name: 'a' }, `x.json: 'name' must be at least 2 characters long, found "a"`],
    [{ ...valid, name: undefined }, "x.json: 'name' must be of type string, found nothing"],
    [{ ...valid, mode: 'fst' }, `x.json: 'mode' must be one of "fast", "slow", found "fst"`],
    [{ ...valid, inner: [{ size: 1.5 }] }, "x.json: 'inner[0].size' must be of type int, found 1.5"],
    [
      { ...valid, inner: [{ siz: 1, size: 1 }] },
      "x.json: unknown key 'siz' in 'inner[0]'; did you mean 'size'?",
    ],
    [{ ...valid, moed: 1 }, "x.json: unknown key 'moed'; did you mean 'mode'?"],
    [{ name: 'ab', inner: [], moed: 'fast' }, "x.json: unknown key 'moed'; did you mean 'mode'?"],
  ])('is explained in one sentence: %j', (value, message) => {
    expect(() => parse(schema, value, 'x.json')).toThrow(new Error(message));
  });

  it('is quoted on one line and cut when long', () => {
    const value = { ...valid, mode: 'a\n'.repeat(100) };
    expect(() => parse(schema, value, 'x')).toThrow(/found "a\\na[^\n]{1,60}\.\.\.$/);
  });
});
