import { loadDataset } from '@winning-tickets/datasets';
import { decodeTicket } from '@winning-tickets/ticket';
import { expect, test } from 'vitest';
import { candidateModels } from '../../src/best/candidates.js';
import { drawnTicket } from '../drawn-ticket.js';

const text = { kind: 'bag', words: 20, weights: 'binary' } as const;
const dataset = await loadDataset({ id: 'reuters-46', validation: 898, splitSeed: 0, text });
const network = { name: 'small', input: [20], layers: [{ kind: 'dense', units: 46 }] };
const bytes = await drawnTicket({ network, dataset, split: { seed: 0, validation: 898 }, text });
const ticket = decodeTicket(bytes, 'drawn');
const namesOf = (...[allowRounding, switches]: [boolean, object?]) =>
  candidateModels(ticket, allowRounding, switches).map(({ encoding, options }) =>
    [encoding, ...Object.entries(options).map(([key, value]) => `${key}=${String(value)}`)].join(' '),
  );

test('dense comes first, then every way that computes the same; bags are of the smaller network', () => {
  const [first, ...others] = namesOf(false);
  expect(first).toBe('dense');
  expect(others).toEqual(
    expect.arrayContaining(['sparse', 'compact', 'bag compact=true', 'shared-bag compact=true']),
  );
  expect(others.some((name) => /fp16|int8/.test(name))).toBe(false);
  expect(namesOf(false, { liveInputs: true })).toContain('compact liveInputs=true');
});

test('what rounds is a candidate where that is allowed, of the dense and of the compact network', () => {
  const rounding = namesOf(true).filter((name) => !namesOf(false).includes(name));
  expect(rounding).toEqual(['fp16 of=dense', 'fp16 of=compact', 'int8 of=dense', 'int8 of=compact']);
});
