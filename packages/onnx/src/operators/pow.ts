import type { GraphBuilder } from '../builder.js';
import type { Value } from '../graph.js';
import { numbersOf } from '../tensor.js';
import { and } from './and.js';
import { equal } from './equal.js';
import { log } from './log.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { sumTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import { binaryOutput } from './shared/elementwise.js';
import { stackElements } from './shared/stacking.js';
import { only } from './shared/shapes.js';
import { sub } from './sub.js';
import { where } from './where.js';

/**
 * Elementwise `x` to the power of a number or a value, broadcasting. For squares `mul(builder, x, x)` is faster,
 * its gradient too.
 */
export function pow(builder: GraphBuilder, x: Value, exponent: Value | number): Value {
  const power = typeof exponent === 'number' ? constantLike(builder, x, exponent) : exponent;
  return only(builder.add('Pow', [x, power]));
}

export const powOperator: Operator = {
  op: 'Pow',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: binaryOutput,
  gradient: ({ builder, inputs: [x, exponent], outputs: [y], gradients: [g], wanted }) => {
    if (!g || !x || !exponent || !y) return [undefined];
    const forBase = () => {
      const base = mayBeZero(builder, exponent) ? withoutZeroToZero(builder, x, exponent) : x;
      const lower = pow(builder, base, sub(builder, exponent, constantLike(builder, x, 1)));
      return mul(builder, exponent, lower);
    };
    // 0 where x is 0, the limit for exponents above 0; not a number where x is negative, as in PyTorch.
    const forExponent = () => mul(builder, y, log(builder, oneWhere(builder, isZero(builder, x), x)));
    return [
      wanted[0] ? sumTo(builder, mul(builder, g, forBase()), x.shape) : undefined,
      wanted[1] ? sumTo(builder, mul(builder, g, forExponent()), exponent.shape) : undefined,
    ];
  },
  stack: stackElements,
};

function mayBeZero(builder: GraphBuilder, exponent: Value): boolean {
  const constant = builder.constantOf(exponent);
  return !constant || numbersOf(constant).includes(0);
}

// x^0 is 1 for every x: its slope is 0 at x = 0 too, where the formula 0 · x^-1 gives none.
function withoutZeroToZero(builder: GraphBuilder, x: Value, exponent: Value): Value {
  return oneWhere(builder, and(builder, isZero(builder, x), isZero(builder, exponent)), x);
}

function isZero(builder: GraphBuilder, x: Value): Value {
  return equal(builder, x, constantLike(builder, x, 0));
}

function oneWhere(builder: GraphBuilder, condition: Value, x: Value): Value {
  return where(builder, condition, constantLike(builder, x, 1), x);
}
