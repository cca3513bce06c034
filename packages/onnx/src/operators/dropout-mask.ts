import type { GraphBuilder } from '../builder.js';
import type { Dimension, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { int64 } from '../tensor.js';
import { add } from './add.js';
import { cast } from './cast.js';
import { gather } from './gather.js';
import { greaterOrEqual } from './greater-or-equal.js';
import { mod } from './mod.js';
import { mul } from './mul.js';
import { range } from './range.js';
import { reshape } from './reshape.js';
import { shape } from './shape.js';
import { constantLike } from './shared/constant-like.js';
import { expectDType, expectRank } from './shared/shapes.js';
import { split } from './split.js';
import { where } from './where.js';

export interface DropoutMaskOptions {
  /** Share of the elements that are dropped, from 0 to below 1. */
  readonly rate: number;
  /** int32 or int64 scalar, another one at each step and for each layer. */
  readonly seed: Value;
}

/**
 * Largest prime below 2^30. A sum of two numbers below it, squared, stays below 2^62: nothing overflows an int64. It is 2
 * modulo 3, so that cubing permutes the numbers below it.
 */
const prime = 2 ** 30 - 35;
const rowRounds = 3;
const columnRounds = 3;
const keyCount = rowRounds + 1 + columnRounds;

/**
 * A mask for dropout like a value: `1 / (1 - rate)` where an element is kept, 0 where it is dropped, so that its mean is
 * 1 ([Srivastava et al. 2014](https://jmlr.org/papers/v15/srivastava14a.html), scaled in training). A constant to
 * differentiation.
 *
 * The mask is a function of the seed and an element's position alone, worked out in whole numbers by stock operators:
 * the same on every engine and provider, whatever the dtype, and an element's does not depend on the size of the batch.
 *
 * Of the position, the place along the first axis and that among the others are each encrypted under keys from the seed,
 * by rounds `(x + key)³` modulo a prime as in the block cipher MiMC
 * ([Albrecht et al. 2016](https://eprint.iacr.org/2016/492)); that is cheap, as it runs over the two axes and not their
 * product. A row's two numbers `a` and `b` and a column's `x` make an element's, `(a · x + b)` modulo the prime, which
 * by [Carter and Wegman 1979](https://doi.org/10.1016/0022-0000(79)90044-8) is uniform and independent for any two
 * elements, as far as the rounds' numbers are. Seeds that are equal modulo the prime, 2^30 - 35, give equal masks.
 *
 * @throws Error when `like` has no axis, the rate is not from 0 to below 1, or the seed is no whole scalar.
 */
export function dropoutMask(builder: GraphBuilder, like: Value, { rate, seed }: DropoutMaskOptions): Value {
  expectMaskable(like, rate, seed);
  const keys = roundKeys(builder, seed);
  const rounds = (x: Value, from: number, to: number) =>
    keys.slice(from, to).reduce((state, key) => round(builder, state, key), x);
  const factor = rounds(axisPositions(builder, like, 0), 0, rowRounds);
  const summand = rounds(factor, rowRounds, rowRounds + 1);
  const column = rounds(columnPositions(builder, like), rowRounds + 1, keyCount);
  const number = reduced(builder, add(builder, mul(builder, factor, column), summand));
  const kept = greaterOrEqual(builder, number, whole(builder, Math.round(rate * prime)));
  return where(builder, kept, constantLike(builder, like, 1 / (1 - rate)), constantLike(builder, like, 0));
}

function expectMaskable(like: Value, rate: number, seed: Value): void {
  expectDType('dropoutMask', like, 'float32', 'float64');
  if (like.shape.length === 0) {
    throw new Error(
      `dropoutMask: '${like.name}' has shape ${shapeText(like.shape)}, expected rank 1 or more`,
    );
  }
  if (!(rate >= 0 && rate < 1)) throw new Error(`dropoutMask: rate is ${rate}, expected from 0 to below 1`);
  expectDType('dropoutMask', seed, 'int32', 'int64');
  expectRank('dropoutMask', seed, 0);
}

/** One key per round, each another linear function of the seed. */
function roundKeys(builder: GraphBuilder, seed: Value): Value[] {
  const start = reduced(builder, cast(builder, seed, 'int64'));
  const factors = builder.constant(int64(roundConstants.slice(0, keyCount)));
  const summands = builder.constant(int64(roundConstants.slice(keyCount)));
  const keys = reduced(builder, add(builder, mul(builder, start, factors), summands));
  return split(builder, keys, Array<number>(keyCount).fill(1), 0);
}

/** The fractions of the square roots of the first primes, as numbers below the modulus: chosen for no purpose. */
const roundConstants = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43].map((number) =>
  Math.floor((Math.sqrt(number) % 1) * prime),
);

/** `(x + key)³` modulo the prime. */
function round(builder: GraphBuilder, x: Value, key: Value): Value {
  const sum = add(builder, x, key);
  return reduced(builder, mul(builder, reduced(builder, mul(builder, sum, sum)), sum));
}

/** The place among the axes after the first, counted row by row. */
function columnPositions(builder: GraphBuilder, like: Value): Value {
  return like.shape.slice(1).reduce<Value>(
    (sofar, _, index) => {
      const scaled = mul(builder, sofar, axisSize(builder, like, index + 1));
      return add(builder, scaled, axisPositions(builder, like, index + 1));
    },
    whole(builder, 0),
  );
}

/** 0, 1, 2, … along an axis, in a shape that broadcasts along it. */
function axisPositions(builder: GraphBuilder, like: Value, axis: number): Value {
  const size: Dimension = like.shape[axis] ?? 1;
  const target = [size, ...like.shape.slice(axis + 1).map(() => 1)];
  if (typeof size === 'string') {
    return reshape(builder, range(builder, axisSize(builder, like, axis), size), target);
  }
  const places = Array.from({ length: size }, (_, place) => place);
  return reshape(builder, builder.constant(int64(places)), target);
}

function axisSize(builder: GraphBuilder, like: Value, axis: number): Value {
  const size = like.shape[axis];
  return typeof size === 'number'
    ? whole(builder, size)
    : gather(builder, shape(builder, like), whole(builder, axis));
}

function reduced(builder: GraphBuilder, x: Value): Value {
  return mod(builder, x, whole(builder, prime));
}

function whole(builder: GraphBuilder, number: number): Value {
  return builder.constant(int64([number], []));
}
