import { Option } from '@commander-js/extra-typings';
import { integer } from '../options.js';

/** Options that change an experiment; whether a number is in range, the experiment's own check says. */
export const overrideOptions = {
  trials: () =>
    new Option('--trials <n>', 'independent repetitions, instead of what the file says').argParser(integer),
  iterations: () => new Option('--iterations <n>', 'steps per training').argParser(integer),
  evaluateEvery: () => new Option('--evaluate-every <n>', 'steps between evaluations').argParser(integer),
  levels: () => new Option('--levels <n>', 'rounds of pruning').argParser(integer),
  seed: () => new Option('--seed <n>', 'seed of all randomness').argParser(integer),
  threads: () => new Option('--threads <n>', 'threads of each training').argParser(integer),
};
