import { expect, test } from 'vitest';
import { checkBest } from '../../src/best/usage.js';

test('options of best are refused without it, and options that do not go with it beside it', () => {
  expect(checkBest(['compact'], '.', {}, {})).toBe(false);
  expect(checkBest(['best'], 'models', { batches: [1] }, { liveInputs: true })).toBe(true);
  expect(() => checkBest(['compact'], '.', { allowRounding: true }, {})).toThrow(
    '--allow-rounding is for --encoding best',
  );
  expect(() => checkBest(['best', 'dense'], '.', {}, {})).toThrow('name no other beside it');
  expect(() => checkBest(['best'], 'a.onnx', {}, {})).toThrow('--out a.onnx');
  expect(() => checkBest(['best'], '.', {}, { of: 'compact' })).toThrow('leave --of out');
  expect(() => checkBest(['best'], '.', {}, { compactBag: true })).toThrow('leave --compact-bag out');
});
