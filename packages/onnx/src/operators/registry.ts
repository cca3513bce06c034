import type { Operator } from './operator.js';
import { absOperator } from './abs.js';
import { addOperator } from './add.js';
import { andOperator } from './and.js';
import { argMaxOperator } from './argmax.js';
import { averagePoolOperator } from './average-pool.js';
import { castOperator } from './cast.js';
import { concatOperator } from './concat.js';
import { convTransposeOperator } from './conv-transpose.js';
import { convOperator } from './conv.js';
import { divOperator } from './div.js';
import { equalOperator } from './equal.js';
import { erfOperator } from './erf.js';
import { expOperator } from './exp.js';
import { expandOperator } from './expand.js';
import { flattenOperator } from './flatten.js';
import { gatherElementsOperator } from './gather-elements.js';
import { gatherOperator } from './gather.js';
import { gemmOperator } from './gemm.js';
import { globalAveragePoolOperator } from './global-average-pool.js';
import { globalMaxPoolOperator } from './global-max-pool.js';
import { greaterOrEqualOperator } from './greater-or-equal.js';
import { greaterOperator } from './greater.js';
import { identityOperator } from './identity.js';
import { lessOrEqualOperator } from './less-or-equal.js';
import { lessOperator } from './less.js';
import { logSoftmaxOperator } from './log-softmax.js';
import { logOperator } from './log.js';
import { loopOperator } from './loop.js';
import { matMulOperator } from './matmul.js';
import { maxPoolOperator } from './max-pool.js';
import { maxOperator } from './max.js';
import { minOperator } from './min.js';
import { modOperator } from './mod.js';
import { mulOperator } from './mul.js';
import { negOperator } from './neg.js';
import { notOperator } from './not.js';
import { orOperator } from './or.js';
import { padOperator } from './pad.js';
import { powOperator } from './pow.js';
import { rangeOperator } from './range.js';
import { reduceMaxOperator } from './reduce-max.js';
import { reduceMeanOperator } from './reduce-mean.js';
import { reduceMinOperator } from './reduce-min.js';
import { reduceSumOperator } from './reduce-sum.js';
import { reluOperator } from './relu.js';
import { reshapeOperator } from './reshape.js';
import { scatterElementsOperator } from './scatter-elements.js';
import { scatterNDOperator } from './scatter-nd.js';
import { shapeOperator } from './shape.js';
import { sigmoidOperator } from './sigmoid.js';
import { signOperator } from './sign.js';
import { sizeOperator } from './size.js';
import { sliceOperator } from './slice.js';
import { softmaxOperator } from './softmax.js';
import { splitOperator } from './split.js';
import { sqrtOperator } from './sqrt.js';
import { subOperator } from './sub.js';
import { tanhOperator } from './tanh.js';
import { transposeOperator } from './transpose.js';
import { whereOperator } from './where.js';

/** Every operator this package knows. A new one is its own file and a line here. */
const operators: readonly Operator[] = [
  absOperator,
  addOperator,
  andOperator,
  argMaxOperator,
  averagePoolOperator,
  castOperator,
  concatOperator,
  convTransposeOperator,
  convOperator,
  divOperator,
  equalOperator,
  erfOperator,
  expOperator,
  expandOperator,
  flattenOperator,
  gatherElementsOperator,
  gatherOperator,
  gemmOperator,
  globalAveragePoolOperator,
  globalMaxPoolOperator,
  greaterOrEqualOperator,
  greaterOperator,
  identityOperator,
  lessOrEqualOperator,
  lessOperator,
  logSoftmaxOperator,
  logOperator,
  loopOperator,
  matMulOperator,
  maxPoolOperator,
  maxOperator,
  minOperator,
  modOperator,
  mulOperator,
  negOperator,
  notOperator,
  orOperator,
  padOperator,
  powOperator,
  rangeOperator,
  reduceMaxOperator,
  reduceMeanOperator,
  reduceMinOperator,
  reduceSumOperator,
  reluOperator,
  reshapeOperator,
  scatterElementsOperator,
  scatterNDOperator,
  shapeOperator,
  sigmoidOperator,
  signOperator,
  sizeOperator,
  sliceOperator,
  softmaxOperator,
  splitOperator,
  sqrtOperator,
  subOperator,
  tanhOperator,
  transposeOperator,
  whereOperator,
];

const byName = new Map(operators.map((operator) => [operator.op, operator]));

/**
 * Makes an operator of one's own known, under a name that no other has; again is no harm.
 *
 * @throws Error when another operator has the name.
 */
export function registerOperator(operator: Operator): void {
  const known = byName.get(operator.op);
  if (known && known !== operator) throw new Error(`there is an operator '${operator.op}' already`);
  byName.set(operator.op, operator);
}

/** The operator of a name. @throws Error when there is none. */
export function operatorNamed(op: string): Operator {
  const operator = byName.get(op);
  if (!operator) throw new Error(`operator '${op}' is not known here: add a file for it in operators/`);
  return operator;
}

/** The names of all operators, sorted. */
export function operatorNames(): string[] {
  return [...byName.keys()].sort();
}
