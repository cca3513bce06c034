import { tensor } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { survivorsOf, trainingFormFor } from '../../../src/engines/onnx/survivors.js';

const maskOf = (kept: readonly boolean[]) =>
  tensor(
    'float32',
    [kept.length],
    Float32Array.from(kept, (keep) => (keep ? 1 : 0)),
  );

/** A mask that keeps the first `count` of `size` weights. */
const keeping = (count: number, size: number) =>
  maskOf(Array.from({ length: size }, (_, index) => index < count));

describe('the survivors of a mask', () => {
  const masks = fc.array(fc.boolean(), { maxLength: 60 });

  test('are the flat indices of its ones, ascending', () => {
    fc.assert(
      fc.property(masks, (kept) => {
        const ones = kept.flatMap((keep, index) => (keep ? [index] : []));
        const { survivors } = survivorsOf(maskOf(kept));
        expect(survivors).toEqual(tensor('int32', [ones.length], Int32Array.from(ones)));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('and the places of the weights undo each other; a masked weight has the place behind the last', () => {
    fc.assert(
      fc.property(masks, (kept) => {
        const { survivors, places } = survivorsOf(maskOf(kept));
        const count = survivors.data.length;
        expect(places.shape).toEqual([kept.length]);
        survivors.data.forEach((weight, place) => {
          expect(places.data[weight]).toBe(place);
        });
        kept.forEach((keep, weight) => {
          const place = places.data[weight] ?? -1;
          if (keep) expect(survivors.data[place]).toBe(weight);
          else expect(place).toBe(count);
        });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('do not depend on the shape of the mask', () => {
    const flat = maskOf([true, false, false, true, true, false]);
    expect(survivorsOf({ ...flat, shape: [2, 3] })).toEqual(survivorsOf(flat));
  });

  test('are found once for each mask', () => {
    const mask = maskOf([true, false]);
    expect(survivorsOf(mask)).toBe(survivorsOf(mask));
  });
});

describe('the form of a training', () => {
  test('keeps the survivors alone below 60 % density over all layers together', () => {
    expect(trainingFormFor({ a: keeping(59, 100) })).toBe('survivors');
    expect(trainingFormFor({ a: keeping(60, 100) })).toBe('masked');
    expect(trainingFormFor({ a: keeping(100, 100), b: keeping(100, 300) })).toBe('survivors');
    expect(trainingFormFor({ a: keeping(10, 100), b: keeping(300, 300) })).toBe('masked');
  });

  test('masks where a layer has none left, however few the others have', () => {
    expect(trainingFormFor({ a: keeping(1, 100), b: keeping(0, 3) })).toBe('masked');
  });

  test('needs no masks where nothing is masked', () => {
    expect(trainingFormFor({})).toBe('whole');
    expect(trainingFormFor({ a: keeping(3, 3), b: keeping(7, 7) })).toBe('whole');
  });
});
