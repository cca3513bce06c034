import type { GraphBuilder } from '../builder.js';
import type { Attributes, Value } from '../graph.js';
import { shapeText } from '../graph.js';
import { mul } from './mul.js';
import type { Operator } from './operator.js';
import { sumTo } from './shared/broadcasting.js';
import { constantLike } from './shared/constant-like.js';
import {
  broadcast,
  expectRank,
  expectSameDType,
  floatAttribute,
  intAttribute,
  only,
  required,
} from './shared/shapes.js';
import { add } from './add.js';
import { matMul, swapped } from './matmul.js';
import { withRank } from './shared/stacking.js';

export interface GemmOptions {
  /** Multiplies the product; default 1. */
  readonly alpha?: number;
  /** Multiplies `c`; default 1. */
  readonly beta?: number;
  /** Transpose `a` first; default false. */
  readonly transA?: boolean;
  /** Transpose `b` first; default false. */
  readonly transB?: boolean;
}

/** `alpha · a·b + beta · c` for matrices; `c` broadcasts to the product and may be left out. */
export function gemm(builder: GraphBuilder, a: Value, b: Value, c?: Value, options: GemmOptions = {}): Value {
  const { alpha = 1, beta = 1, transA = false, transB = false } = options;
  const attributes: Attributes = {
    ...(alpha === 1 ? {} : { alpha: { float: alpha } }),
    ...(beta === 1 ? {} : { beta: { float: beta } }),
    ...(transA ? { transA: { int: 1 } } : {}),
    ...(transB ? { transB: { int: 1 } } : {}),
  };
  return only(builder.add('Gemm', c ? [a, b, c] : [a, b], attributes));
}

function optionsOf(attributes: Attributes): Required<GemmOptions> {
  return {
    alpha: floatAttribute(attributes, 'alpha', 1),
    beta: floatAttribute(attributes, 'beta', 1),
    transA: intAttribute(attributes, 'transA', 0) === 1,
    transB: intAttribute(attributes, 'transB', 0) === 1,
  };
}

export const gemmOperator: Operator = {
  op: 'Gemm',
  dtypes: ['float32', 'float64'],
  providers: ['cpu', 'cuda', 'webgpu'],
  infer: (context) => {
    const a = required(context, 0);
    const b = required(context, 1);
    const c = context.inputs[2];
    for (const value of [a, b]) expectRank('Gemm', value, 2);
    expectSameDType('Gemm', a, b);
    const { transA, transB } = optionsOf(context.attributes);
    const [rows, inner] = transA ? a.shape.toReversed() : a.shape;
    const [innerOfB, columns] = transB ? b.shape.toReversed() : b.shape;
    if (rows === undefined || columns === undefined || inner !== innerOfB) {
      throw new Error(
        `Gemm: ${shapeText(a.shape)}${transA ? ' transposed' : ''} and ` +
          `${shapeText(b.shape)}${transB ? ' transposed' : ''} do not multiply`,
      );
    }
    const shape = [rows, columns];
    if (c) {
      expectSameDType('Gemm', a, c);
      const sum = broadcast('Gemm', shape, c.shape);
      if (shapeText(sum) !== shapeText(shape)) {
        throw new Error(
          `Gemm: '${c.name}' of shape ${shapeText(c.shape)} does not broadcast to ${shapeText(shape)}`,
        );
      }
    }
    return [{ dtype: a.dtype, shape }];
  },
  gradient: ({ builder, node, inputs: [a, b, c], gradients: [g], wanted }) => {
    if (!g || !a || !b) return [undefined];
    const { alpha, beta, transA, transB } = optionsOf(node.attributes);
    const forA = () =>
      transA
        ? gemm(builder, b, g, undefined, { alpha, transA: transB, transB: true })
        : gemm(builder, g, b, undefined, { alpha, transB: !transB });
    const forB = () =>
      transB
        ? gemm(builder, g, a, undefined, { alpha, transA: true, transB: transA })
        : gemm(builder, a, g, undefined, { alpha, transA: !transA });
    const forC = (value: Value) => {
      const sum = sumTo(builder, g, value.shape);
      return beta === 1 ? sum : mul(builder, sum, constantLike(builder, sum, beta));
    };
    return [
      wanted[0] ? forA() : undefined,
      wanted[1] ? forB() : undefined,
      c && wanted[2] ? forC(c) : undefined,
    ];
  },
  stack: ({ builder, node, inputs: [a, b, c] }) => {
    if (!a || !b) return [];
    const { alpha, beta, transA, transB } = optionsOf(node.attributes);
    const scaled = (value: Value, by: number) =>
      by === 1 ? value : mul(builder, value, constantLike(builder, value, by));
    const [left, right] = [
      transA ? swapped(builder, a.value) : a.value,
      transB ? swapped(builder, b.value) : b.value,
    ];
    // Where neither side is stacked, what is added is: it broadcasts.
    const product = scaled(matMul(builder, left, right), alpha);
    return [c ? add(builder, product, scaled(withRank(builder, c, 2), beta)) : product];
  },
};
