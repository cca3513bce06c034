import type { Branch, BranchName } from './branch.js';
import { iterative } from './iterative.js';
import { oneShot } from './one-shot.js';
import { randomMask } from './random-mask.js';
import { randomReinit } from './random-reinit.js';
import { shuffledMask } from './shuffled-mask.js';
import { transferred } from './transferred.js';

/** All branches by name. */
export const branches: Readonly<Record<BranchName, Branch>> = {
  iterative,
  'random-reinit': randomReinit,
  'random-mask': randomMask,
  'shuffled-mask': shuffledMask,
  'one-shot': oneShot,
  transferred,
};
