import { expect, test } from 'vitest';
import { predictionsOf } from '../src/predictions.js';
import { predictionsTable } from '../src/render/predictions.js';

test('probabilities are the softmax of the logits, the largest first, also for huge logits', () => {
  const [first, second, third] = predictionsOf(Float32Array.of(1000, 1000 + Math.log(3), 0), ['a', 'b', 'c']);
  expect(first).toMatchObject({ class: 'b', index: 1 });
  expect(first?.probability).toBeCloseTo(0.75, 4);
  expect(second?.probability).toBeCloseTo(0.25, 4);
  expect(third?.probability).toBe(0);
});

test('of sets of classes each has a probability of its own, the sigmoid of its logit', () => {
  const [first, second, third] = predictionsOf(
    Float32Array.of(-1000, Math.log(3), 0),
    ['a', 'b', 'c'],
    'set',
  );
  expect(first).toMatchObject({ class: 'b', index: 1 });
  expect(first?.probability).toBeCloseTo(0.75, 6);
  expect(second).toMatchObject({ class: 'c', probability: 0.5 });
  expect(third?.probability).toBe(0);
});

test("an image's name stands at its first class", () => {
  const predictions = predictionsOf(Float32Array.of(0, 0), ['a', 'b']);
  expect(predictionsTable([{ image: 'x.png', predictions }]).rows).toEqual([
    ['x.png', 'a', '50.00 %'],
    ['', 'b', '50.00 %'],
  ]);
});

test('a text stands on one line, shortened, and a file by its name', () => {
  const [prediction] = predictionsOf(Float32Array.of(0), ['a']);
  const predictions = prediction ? [prediction] : [];
  const table = predictionsTable([
    { text: 'two\nlines', predictions },
    { text: 'x'.repeat(100), predictions },
    { textFile: 'article.txt', predictions },
  ]);
  expect(table.headers[0]).toBe('text');
  expect(table.rows.map(([name]) => name)).toEqual(['two lines', `${'x'.repeat(39)}…`, 'article.txt']);
});
