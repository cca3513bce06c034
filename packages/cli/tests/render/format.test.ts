import { expect, test } from 'vitest';
import { bytesText, counted, durationText, percent, smallNumber } from '../../src/render/format.js';

test('sizes have the unit that suits them', () => {
  expect([0, 812, 9_940, 112_400, 1_067_800, 999_600, 2.5e10].map(bytesText)).toEqual([
    '0 B',
    '812 B',
    '9.9 kB',
    '112 kB',
    '1.1 MB',
    '1.0 MB',
    '25 GB',
  ]);
});

test('durations are as exact as one wants to know', () => {
  expect([0.2, 59, 60, 185, 900, 3600, 7800].map(durationText)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '3 min 5 s',
    '15 min',
    '1 h',
    '2 h 10 min',
  ]);
});

test('counts, shares and small numbers', () => {
  expect(counted(1, 'training')).toBe('1 training');
  expect(counted(3000, 'step')).toBe('3,000 steps');
  expect(percent(0.98123)).toBe('98.12 %');
  expect([smallNumber(0), smallNumber(0.0000038)]).toEqual(['0', '0.0000038']);
});
