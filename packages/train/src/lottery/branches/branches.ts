import type { Branch, BranchName } from './branch.js';
import { iterative } from './iterative.js';
import { oneShot } from './one-shot.js';
import { randomMask } from './random-mask.js';
import { randomReinit } from './random-reinit.js';

/** All branches by name. */
export const branches: Readonly<Record<BranchName, Branch>> = {
  iterative,
  'random-reinit': randomReinit,
  'random-mask': randomMask,
  'one-shot': oneShot,
};
