import { expect, test } from 'vitest';
import {
  add,
  float32,
  gather,
  gradients,
  GraphBuilder,
  int64,
  loop,
  mul,
  reduceSum,
} from '../../src/index.js';
import { loopOperator } from '../../src/operators/loop.js';
import type { Build } from './support.js';
import { at, batched, counting, float64, runGraph, testDTypes } from './support.js';

// Multiplies a state by a factor from around the loop and collects what it was before.
const repeated: Build = (b, trips, start, factor) => {
  const { states, scans } = loop(b, trips, [start], (body, _, [state]) => {
    if (!state) throw new Error('no state');
    return { states: [mul(body, state, factor)], scans: [state] };
  });
  return [...states, ...scans];
};

testDTypes(loopOperator, (dtype) => [
  (b, trips, start) => {
    const { states, scans } = loop(b, trips, [start], (_, __, current) => ({
      states: current,
      scans: current,
    }));
    return [...states, ...scans];
  },
  int64([2], []),
  batched(counting(dtype, [2, 3])),
]);

test('Loop carries a state from iteration to iteration and stacks what is scanned', async () => {
  const [state, scan] = await runGraph(repeated, [int64([3], []), float32([1, 10]), float32([2], [])]);
  expect(state?.data).toEqual(Float32Array.of(8, 80));
  expect(scan?.shape).toEqual([3, 2]);
  expect(scan?.data).toEqual(Float32Array.of(1, 10, 2, 20, 4, 40));
});

test('Loop with no iterations gives back its states', async () => {
  const [state, scan] = await runGraph(repeated, [int64([0], []), float32([1, 10]), float32([2], [])]);
  expect(state?.data).toEqual(Float32Array.of(1, 10));
  expect(scan?.shape).toEqual([0, 2]);
});

test('the number of an iteration picks from a value around the loop', async () => {
  const table = float32([5, 7, 11]);
  const [sum] = await runGraph(
    (b, values) => {
      const trips = b.constant(int64([3], []));
      const zero = b.constant(0);
      const { states } = loop(b, trips, [zero], (body, iteration, [state]) => ({
        states: [add(body, state ?? zero, gather(body, values, iteration))],
        scans: [],
      }));
      return states;
    },
    [table],
  );
  expect(sum?.data).toEqual(Float32Array.of(23));
});

test('a state must keep its dtype and shape', () => {
  const builder = new GraphBuilder('test');
  const trips = builder.input('trips', 'int64', []);
  const start = builder.input('start', 'float32', [2]);
  expect(() =>
    loop(builder, trips, [start], (body, _, [state]) => ({
      states: [reduceSum(body, state ?? start)],
      scans: [],
    })),
  ).toThrow('Loop: state 0 begins as float32 [2] and ends an iteration as float32 []');
  expect(() => loop(builder, start, [], () => ({ states: [], scans: [] }))).toThrow(
    "Loop: 'start' has dtype float32, expected int64",
  );
});

test('a body must yield as many states as it takes', () => {
  const builder = new GraphBuilder('test');
  const trips = builder.input('trips', 'int64', []);
  const start = builder.input('start', 'float32', [2]);
  expect(() => loop(builder, trips, [start], () => ({ states: [], scans: [] }))).toThrow(
    'Loop: begins with 1 states and ends an iteration with 0',
  );
});

test('a gradient that would have to pass through a loop is an error, also for values its body takes from around it', () => {
  const builder = new GraphBuilder('test');
  const trips = builder.input('trips', 'int64', []);
  const start = builder.input('start', 'float32', [2]);
  const factor = builder.input('factor', 'float32', []);
  const { states } = loop(builder, trips, [start], (body, _, [state]) => ({
    states: [mul(body, state ?? start, factor)],
    scans: [],
  }));
  for (const wrt of [start, factor]) {
    expect(() => gradients(builder, at(states, 0), [wrt])).toThrow(
      /^operator 'Loop' .* has no gradient rule/,
    );
  }
});

test('inside a loop, gradients reach values that were computed before it', async () => {
  const slopes = await runGraph(
    (b, w) => {
      const squared = mul(b, w, w);
      const trips = b.constant(int64([2], []));
      const { scans } = loop(b, trips, [], (body) => {
        const cubed = mul(body, squared, w);
        return { states: [], scans: gradients(body, reduceSum(body, cubed), [w]) };
      });
      return scans;
    },
    [float64([2, 3])],
  );
  expect(slopes[0]?.data).toEqual(Float64Array.of(12, 27, 12, 27));
});
