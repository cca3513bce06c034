import type { TfjsOperator } from './operator.js';
import { abs } from './abs.js';
import { add } from './add.js';
import { and } from './and.js';
import { argMax } from './argmax.js';
import { averagePool } from './average-pool.js';
import { cast } from './cast.js';
import { concat } from './concat.js';
import { convTranspose } from './conv-transpose.js';
import { conv } from './conv.js';
import { div } from './div.js';
import { equal } from './equal.js';
import { erf } from './erf.js';
import { exp } from './exp.js';
import { expand } from './expand.js';
import { flatten } from './flatten.js';
import { gatherElements } from './gather-elements.js';
import { gather } from './gather.js';
import { gemm } from './gemm.js';
import { globalAveragePool } from './global-average-pool.js';
import { globalMaxPool } from './global-max-pool.js';
import { greaterOrEqual } from './greater-or-equal.js';
import { greater } from './greater.js';
import { identity } from './identity.js';
import { lessOrEqual } from './less-or-equal.js';
import { less } from './less.js';
import { logSoftmax } from './log-softmax.js';
import { log } from './log.js';
import { loop } from './loop.js';
import { matMul } from './matmul.js';
import { maxPool } from './max-pool.js';
import { max } from './max.js';
import { min } from './min.js';
import { mod } from './mod.js';
import { mul } from './mul.js';
import { neg } from './neg.js';
import { not } from './not.js';
import { or } from './or.js';
import { pad } from './pad.js';
import { pow } from './pow.js';
import { range } from './range.js';
import { reduceMax } from './reduce-max.js';
import { reduceMean } from './reduce-mean.js';
import { reduceMin } from './reduce-min.js';
import { reduceSum } from './reduce-sum.js';
import { relu } from './relu.js';
import { reshape } from './reshape.js';
import { scatterElements } from './scatter-elements.js';
import { scatterND } from './scatter-nd.js';
import { shape } from './shape.js';
import { sigmoid } from './sigmoid.js';
import { sign } from './sign.js';
import { size } from './size.js';
import { slice } from './slice.js';
import { softmax } from './softmax.js';
import { split } from './split.js';
import { sqrt } from './sqrt.js';
import { sub } from './sub.js';
import { tanh } from './tanh.js';
import { transpose } from './transpose.js';
import { where } from './where.js';

const operators: readonly TfjsOperator[] = [
  abs,
  add,
  and,
  argMax,
  averagePool,
  cast,
  concat,
  convTranspose,
  conv,
  div,
  equal,
  erf,
  exp,
  expand,
  flatten,
  gatherElements,
  gather,
  gemm,
  globalAveragePool,
  globalMaxPool,
  greaterOrEqual,
  greater,
  identity,
  lessOrEqual,
  less,
  logSoftmax,
  log,
  loop,
  matMul,
  maxPool,
  max,
  min,
  mod,
  mul,
  neg,
  not,
  or,
  pad,
  pow,
  range,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceSum,
  relu,
  reshape,
  scatterElements,
  scatterND,
  shape,
  sigmoid,
  sign,
  size,
  slice,
  softmax,
  split,
  sqrt,
  sub,
  tanh,
  transpose,
  where,
];

const byName = new Map(operators.map((operator) => [operator.op, operator]));

/** The form in TensorFlow.js of an ONNX operator. @throws Error when it has none. */
export function tfjsOperator(op: string): TfjsOperator {
  const operator = byName.get(op);
  if (operator) return operator;
  throw new Error(`operator '${op}' has no form in TensorFlow.js: train with the engine 'onnx'`);
}
