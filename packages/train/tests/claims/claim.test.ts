import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseClaims, regionOf } from '../../src/claims/claim.js';
import { claimOf } from './claims.js';

const file = new URL('../../../../experiments/claims/frankle-carbin-2019.json', import.meta.url);

test('the claims that come along are valid and leave nothing implicit', () => {
  const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(parseClaims(json, 'file')).toEqual(json);
});

test.each([
  [{ densty: 0.1 }, "unknown key 'densty' in 'claims[0]'; did you mean 'density'?"],
  [{ density: 0 }, "'claims[0].density' must be above 0, found 0"],
  [{ quantity: 'speed' }, "'claims[0].quantity' must be one of"],
  [{ direction: 'within' }, "'within' needs a tolerance above 0"],
  [{ against: 'iterative' }, 'a branch is compared with another one'],
])('%j is refused in one sentence', (change, sentence) => {
  const json = { source: 'a paper', claims: [{ ...claimOf(), ...change }] };
  expect(() => parseClaims(json, 'own.json')).toThrow(sentence);
});

test('an id that is there twice is refused', () => {
  const json = { source: 'a paper', claims: [claimOf(), claimOf()] };
  expect(() => parseClaims(json, 'own.json')).toThrow('every id is there once');
});

test('the tolerance moves a boundary in the favour of the claim', () => {
  const bound = { boundary: 1, tolerance: 0.25 };
  expect(regionOf(claimOf({ direction: 'above', ...bound }))).toEqual({ low: 0.75, high: Infinity });
  expect(regionOf(claimOf({ direction: 'below', ...bound }))).toEqual({ low: -Infinity, high: 1.25 });
  expect(regionOf(claimOf({ direction: 'within', ...bound }))).toEqual({ low: 0.75, high: 1.25 });
});
