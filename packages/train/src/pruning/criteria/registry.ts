import type { Criterion } from './criterion.js';
import { grasp } from './grasp.js';
import { inputs } from './inputs.js';
import { magnitude } from './magnitude.js';
import { magnitudeIncrease } from './magnitude-increase.js';
import { movement } from './movement.js';
import { random } from './random.js';
import { sameSign } from './same-sign.js';
import { snip } from './snip.js';
import { synflow } from './synflow.js';
import { units } from './units.js';

/** Every criterion. A new one is a file of its own and a line here. */
export const criteria = {
  magnitude,
  movement,
  'magnitude-increase': magnitudeIncrease,
  'same-sign': sameSign,
  random,
  units,
  inputs,
  snip,
  grasp,
  synflow,
} as const satisfies Readonly<Record<string, Criterion>>;

export type CriterionName = keyof typeof criteria;

export const criterionNames = Object.keys(criteria) as readonly CriterionName[];
