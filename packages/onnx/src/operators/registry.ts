import type { Operator } from './operator.js';
import { addOperator } from './add.js';
import { andOperator } from './and.js';
import { argMaxOperator } from './argmax.js';
import { castOperator } from './cast.js';
import { concatOperator } from './concat.js';
import { divOperator } from './div.js';
import { equalOperator } from './equal.js';
import { expOperator } from './exp.js';
import { expandOperator } from './expand.js';
import { flattenOperator } from './flatten.js';
import { gatherElementsOperator } from './gather-elements.js';
import { gatherOperator } from './gather.js';
import { gemmOperator } from './gemm.js';
import { greaterOperator } from './greater.js';
import { identityOperator } from './identity.js';
import { lessOperator } from './less.js';
import { logOperator } from './log.js';
import { loopOperator } from './loop.js';
import { matMulOperator } from './matmul.js';
import { mulOperator } from './mul.js';
import { negOperator } from './neg.js';
import { notOperator } from './not.js';
import { reduceMaxOperator } from './reduce-max.js';
import { reduceMeanOperator } from './reduce-mean.js';
import { reduceSumOperator } from './reduce-sum.js';
import { reluOperator } from './relu.js';
import { reshapeOperator } from './reshape.js';
import { shapeOperator } from './shape.js';
import { sigmoidOperator } from './sigmoid.js';
import { sizeOperator } from './size.js';
import { splitOperator } from './split.js';
import { sqrtOperator } from './sqrt.js';
import { subOperator } from './sub.js';
import { tanhOperator } from './tanh.js';
import { transposeOperator } from './transpose.js';
import { whereOperator } from './where.js';

/** Every operator this package knows. A new one is its own file and a line here. */
const operators: readonly Operator[] = [
  addOperator,
  andOperator,
  argMaxOperator,
  castOperator,
  concatOperator,
  divOperator,
  equalOperator,
  expOperator,
  expandOperator,
  flattenOperator,
  gatherElementsOperator,
  gatherOperator,
  gemmOperator,
  greaterOperator,
  identityOperator,
  lessOperator,
  logOperator,
  loopOperator,
  matMulOperator,
  mulOperator,
  negOperator,
  notOperator,
  reduceMaxOperator,
  reduceMeanOperator,
  reduceSumOperator,
  reluOperator,
  reshapeOperator,
  shapeOperator,
  sigmoidOperator,
  sizeOperator,
  splitOperator,
  sqrtOperator,
  subOperator,
  tanhOperator,
  transposeOperator,
  whereOperator,
];

const byName = new Map(operators.map((operator) => [operator.op, operator]));

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
