import type { Tensor } from '@winning-tickets/onnx';
import { resolveNetwork } from '@winning-tickets/ticket';
import { expect, test } from 'vitest';
import { initializeParameters } from '../src/initialize.js';
import { lenet } from './networks.js';

const initial = initializeParameters(lenet, 1, 'init');
const valuesOf = (name: string, tensors: Readonly<Record<string, Tensor>> = initial): number[] =>
  [...(tensors[name]?.data ?? [])].map(Number);

test('every parameter is initialised, float32, in its shape', () => {
  expect(Object.entries(initial).map(([name, { dtype, shape }]) => [name, dtype, shape])).toEqual([
    ['fc1.weight', 'float32', [784, 300]],
    ['fc1.bias', 'float32', [300]],
    ['fc2.weight', 'float32', [300, 100]],
    ['fc2.bias', 'float32', [100]],
    ['fc3.weight', 'float32', [100, 10]],
    ['fc3.bias', 'float32', [10]],
  ]);
});

test('weights are Gaussian with mean 0 and variance 2 / (fan-in + fan-out), not truncated', () => {
  for (const { name, fanIn, fanOut, initial: kind } of lenet.parameters) {
    if (kind !== 'glorot-normal') continue;
    const scaled = valuesOf(name).map((value) => value * Math.sqrt((fanIn + fanOut) / 2));
    const mean = (power: number) => scaled.reduce((sum, x) => sum + x ** power, 0) / scaled.length;
    // Bounds of five standard errors.
    expect(Math.abs(mean(1))).toBeLessThan(5 * Math.sqrt(1 / scaled.length));
    expect(Math.abs(mean(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / scaled.length));
    expect(Math.abs(mean(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / scaled.length));
    // A truncated Gaussian ends at two deviations.
    expect(scaled.some((x) => Math.abs(x) > 2.5)).toBe(true);
  }
});

test('biases are zero', () => {
  expect(valuesOf('fc1.bias').every((value) => value === 0)).toBe(true);
});

test('the same seed and name give the same weights, another seed or name others', () => {
  const weights = valuesOf('fc3.weight');
  expect(valuesOf('fc3.weight', initializeParameters(lenet, 1, 'init'))).toEqual(weights);
  expect(valuesOf('fc3.weight', initializeParameters(lenet, 2, 'init'))).not.toEqual(weights);
  expect(valuesOf('fc3.weight', initializeParameters(lenet, 1, 'reinit', 3))).not.toEqual(weights);
});

test('adding a layer leaves the weights of the others as they were', () => {
  const layers = [
    { kind: 'dense', name: 'a', units: 5 },
    { kind: 'dense', name: 'b', units: 5 },
  ];
  const wider = [layers[0], { kind: 'dense', name: 'between', units: 5 }, layers[1]];
  const before = initializeParameters(resolveNetwork({ name: 'n', input: [5], layers }), 1, 'init');
  const after = initializeParameters(resolveNetwork({ name: 'n', input: [5], layers: wider }), 1, 'init');
  expect(after['b.weight']).toEqual(before['b.weight']);
  expect(after['a.weight']).toEqual(before['a.weight']);
});

test('layers of the same shape get different weights', () => {
  const layers = [
    { kind: 'dense', name: 'a', units: 5 },
    { kind: 'dense', name: 'b', units: 5 },
  ];
  const drawn = initializeParameters(resolveNetwork({ name: 'n', input: [5], layers }), 1, 'init');
  expect(drawn['a.weight']).not.toEqual(drawn['b.weight']);
});

test('a parameter that starts at one is one throughout', () => {
  const [weight] = lenet.parameters;
  if (!weight) throw new Error('LeNet has parameters');
  const network = { ...lenet, parameters: [{ ...weight, initial: 'ones' as const }] };
  expect(valuesOf('fc1.weight', initializeParameters(network, 1)).every((value) => value === 1)).toBe(true);
});
