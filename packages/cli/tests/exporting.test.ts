import { loadDataset } from '@winning-tickets/datasets';
import { decodeTicket } from '@winning-tickets/ticket';
import type { Run } from '@winning-tickets/train';
import { expect, test } from 'vitest';
import { ticketsToExport, usualEncodings, withSwitches } from '../src/exporting.js';
import { drawnTicket } from './drawn-ticket.js';
import { manifest } from './manifests.js';

const run = { folder: 'run' } as Run;
const stages = [0, 9].map((level) =>
  manifest({ trial: 1, branch: 'iterative', level, density: 1, accuracy: 0.9, iteration: 1 }),
);

test('the whole network is exported in full alone, and bags of tickets are of the compact network', () => {
  const of = (encodings: string[]) =>
    ticketsToExport(run, stages, encodings).map(({ models }) =>
      models.map(({ encoding, options }) => [encoding, options]),
    );
  expect(of(['dense', 'compact'])).toEqual([
    [['dense', {}]],
    [
      ['dense', {}],
      ['compact', {}],
    ],
  ]);
  expect(of(['compact', 'bag'])).toEqual([
    [
      ['dense', {}],
      ['bag', {}],
    ],
    [
      ['compact', {}],
      ['bag', { compact: true }],
    ],
  ]);
});

test('a switch is for the encodings that have it', () => {
  expect(withSwitches(['dense', 'compact', 'bag'], { liveInputs: true, compactBag: true })).toEqual([
    { encoding: 'dense', options: {} },
    { encoding: 'compact', options: { liveInputs: true } },
    { encoding: 'bag', options: { liveInputs: true, compact: true } },
  ]);
});

test('a network over bags of words is usually exported as one that takes the words of a text too', async () => {
  const text = { kind: 'bag', words: 20, weights: 'binary' } as const;
  const dataset = await loadDataset({ id: 'reuters-46', validation: 898, splitSeed: 0, text });
  const usual = async (layers: { kind: string; units?: number }[], of: { text?: typeof text }) => {
    const network = { name: 'n', input: [20], layers };
    const { vocabulary: _, ...plain } = dataset;
    const drawing = {
      network,
      dataset: of.text ? dataset : plain,
      split: { seed: 0, validation: 898 },
      ...of,
    };
    return usualEncodings(decodeTicket(await drawnTicket(drawing), 'drawn'));
  };
  const dense = { kind: 'dense', units: 46 };
  expect(await usual([dense], { text })).toEqual(['dense', 'sparse', 'compact', 'bag', 'shared-bag']);
  expect(await usual([{ kind: 'tanh' }, dense], { text })).toEqual(['dense', 'sparse', 'compact']);
  expect(await usual([dense], {})).toEqual(['dense', 'sparse', 'compact']);
});
