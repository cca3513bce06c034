import { checkModel } from '@winning-tickets/onnx';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { StoredInputs } from '../../src/index.js';
import { exportBytes, exportFileName, exportTicket, feedsOf } from '../../src/index.js';
import { evaluate } from '../support/reference.js';
import { logitsFor } from '../support/runtime.js';
import { bagTicket } from '../support/tickets.js';

const WORDS = 12;

/** What every word counts in a text. */
const text = fc.array(fc.oneof(fc.constant(0), fc.float({ min: 0, max: 2, noNaN: true })), {
  minLength: WORDS,
  maxLength: WORDS,
});

const options = fc.constantFrom({}, { compact: true }, { liveInputs: true });

it('computes the trained network for any batch, whole, compact, and over the live words alone', async () => {
  const recipe = fc.record({
    encoding: fc.constantFrom<'bag' | 'shared-bag'>('bag', 'shared-bag'),
    options,
    density: fc.constantFrom(0, 0.05, 0.3, 1),
    seed: fc.nat(),
    texts: fc.array(text, { minLength: 1, maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(recipe, async ({ encoding, options, density, seed, texts }) => {
      const ticket = bagTicket(WORDS, () => density, seed);
      const model = exportTicket(ticket, encoding, options);
      expect(checkModel(model)).toEqual([]);
      const listed = model.metadata['tickets.liveInputs'];
      const stored: StoredInputs = { shape: [texts.length, WORDS], data: Float32Array.from(texts.flat()) };
      const feeds = feedsOf(stored, 0, texts.length, {
        form: encoding,
        inputShape: [WORDS],
        inputScale: 1,
        liveInputs: listed === undefined ? undefined : (JSON.parse(listed) as number[]),
      });
      const found = await logitsFor(exportBytes(ticket, encoding, options), feeds);
      const expected = texts.flatMap((weights) => evaluate(ticket, weights));
      const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
      found.forEach((value, index) => {
        expect(Math.abs(value - (expected[index] ?? NaN))).toBeLessThanOrEqual(1e-4 * largest);
      });
    }),
    { seed: 1, numRuns: 60 },
  );
});

it('takes the words of the batch, and their weights in each text', () => {
  const { graph, metadata } = exportTicket(
    bagTicket(WORDS, () => 0.2),
    'shared-bag',
  );
  expect(metadata['tickets.inputForm']).toBe('shared-bag');
  expect(graph.inputs).toEqual([
    { name: 'words', dtype: 'int32', shape: ['count'] },
    { name: 'weights', dtype: 'float32', shape: ['batch', 'count'] },
  ]);
});

it('has no table of rows where words are counted among those that matter', () => {
  const ticket = bagTicket(WORDS, (name) => (name === 'fc1.weight' ? 0.05 : 1));
  const initializers = (options: object) =>
    exportTicket(ticket, 'shared-bag', { ...options }).graph.initializers.map(({ name }) => name);
  expect(initializers({ compact: true })).toContain('rows');
  expect(initializers({ liveInputs: true })).not.toContain('rows');
});

it('names its forms apart', () => {
  const ticket = bagTicket(WORDS, () => 0.5);
  const nameOf = (options: object) => exportFileName(exportTicket(ticket, 'shared-bag', { ...options }));
  expect(nameOf({})).toMatch(/-shared-bag\.onnx$/);
  expect(nameOf({ compact: true })).toMatch(/-shared-bag-compact\.onnx$/);
  expect(nameOf({ liveInputs: true })).toMatch(/-shared-bag-live-inputs\.onnx$/);
});
