import { expect, test } from 'vitest';
import { packageFor } from '../../../src/engines/tfjs/packages.js';

test('WebAssembly is there with the packages of the project', () => {
  expect(packageFor('wasm')).toMatchObject({ name: '@tensorflow/tfjs-backend-wasm', version: '4.22.0' });
});

test.each([
  ['cpu', '23.0.0', '@tensorflow/tfjs-node does not run on Node.js 23.0.0'],
  ['gpu', '24.9.0', '@tensorflow/tfjs-node-gpu does not run on Node.js 24.9.0'],
] as const)('native packages are refused on a Node.js that is too new: %s on %s', (device, node, message) => {
  expect(() => packageFor(device, node)).toThrow(message);
  expect(() => packageFor(device, node)).toThrow('use Node.js 20 or 22, or the device wasm');
});
