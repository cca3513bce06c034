import type { Run } from '@winning-tickets/train';
import { expect, test } from 'vitest';
import { ticketRows, ticketsCaption, ticketsTable } from '../../src/render/tickets-table.js';
import { manifest } from '../manifests.js';

const stages: Run['stages'] = [
  manifest({ trial: 1, branch: 'iterative', level: 0, density: 1, accuracy: 0.98, iteration: 1000 }),
  manifest({ trial: 1, branch: 'iterative', level: 9, density: 0.1352, accuracy: 0.982, iteration: 800 }),
  manifest({ trial: 1, branch: 'random-reinit', level: 9, density: 0.1352, accuracy: 0.97, iteration: 900 }),
  manifest({ trial: 2, branch: 'iterative', level: 9, density: 0.1352, accuracy: 0.984, iteration: 700 }),
];

test('a level has the mean over its trials and half of their range, controls where they were trained', () => {
  const { headers, rows } = ticketsTable(ticketRows({ stages }));
  expect(headers).toEqual(['level', 'weights left', 'ticket %', 'random reinit %', 'early stop']);
  expect(rows).toEqual([
    ['0', '100.00 %', '98.00', '–', '1000'],
    ['9', '13.52 %', '98.30 ± 0.10', '97.00', '750'],
  ]);
});

test('a run without finished trainings has no rows', () => {
  expect(ticketRows({ stages: [] })).toEqual([]);
});

test('the caption says how many trials the means are over', () => {
  expect(ticketsCaption(1)).toContain('one trial');
  expect(ticketsCaption(3)).toContain('mean of 3 trials');
});

test('macro-F1 stands beside accuracy where classes are of different sizes', () => {
  const withF1 = (macroF1: number) =>
    stages.map((stage) => {
      const { best, end } = stage.metrics;
      return { ...stage, metrics: { best: { ...best, testMacroF1: macroF1 }, end } };
    });
  const { headers, rows } = ticketsTable(ticketRows({ stages: withF1(0.7) }));
  expect(headers.at(-2)).toBe('ticket macro-F1 %');
  expect(rows.map((row) => row.at(-2))).toEqual(['70.00', '70.00']);
  expect(ticketsTable(ticketRows({ stages: withF1(0.98) })).headers).not.toContain('ticket macro-F1 %');
});
