import type { Dataset } from '@winning-tickets/datasets';
import { isDeepStrictEqual } from 'node:util';
import { batchSource } from '../batches.js';
import type { TrainingProgram, TrainState } from '../engine.js';
import { type Experiment, networkOf, trialSeed } from '../experiment.js';
import { initializeParameters } from '../initialize.js';
import { compileTraining } from '../lottery/compile-training.js';
import { softwareVersions } from '../lottery/work.js';
import { stream } from '../rng.js';
import { writeJson } from '../store/atomic.js';
import { readJsonIfPresent } from '../store/read-file.js';
import type { Run } from '../store/read-run.js';
import { readStageTicket } from '../store/stage.js';
import { barrier } from './barrier.js';
import { averaged, freshState, masked, trainTo } from './copies.js';
import { distance, overlap } from './distance.js';
import { pointBetween, shares } from './line.js';
import { type Stability, type StabilityCell, parseStability } from './result.js';

const maxFileBytes = 64_000_000;

export interface StabilityOptions {
  /** A run; of the trials and levels that are looked at it has the iterative tickets. */
  readonly run: Run;
  /** The run's data. */
  readonly dataset: Dataset;
  readonly trials: readonly number[];
  readonly levels: readonly number[];
  /** Steps at which copies part, each at most the experiment's iterations. */
  readonly steps: readonly number[];
  /** Networks on the line, ends included. */
  readonly points: number;
  /** The result, written after each pair of copies; what it has already of the same analysis is not done again. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** Told before each pair of copies, and at the end. */
  readonly onProgress?: (done: number, total: number, label: string) => void;
}

/**
 * Stability analysis (Frankle et al. 2020, "Linear Mode Connectivity and the Lottery Ticket Hypothesis"): the dense network
 * is trained to step k, its weights are masked, and two copies go on from there, with batches in different orders, to the
 * end. Where the networks on the line between them are no worse than they are, the outcome is stable to the noise of SGD.
 *
 * A pair of copies is a function of the run's seed, its trial, level and k. Networks between two get running averages of
 * their own where they have batch normalization.
 *
 * @returns the analysis, also in `file`
 * @throws Error when the run lacks a ticket, or the file is of another analysis
 * @throws RangeError when a step is past the end of the training
 */
export async function analyseStability(options: StabilityOptions): Promise<Stability> {
  const { run, dataset, trials, levels, steps, points, file, signal, onProgress } = options;
  const { experiment } = run;
  requireSteps(steps, experiment);
  let result = await withEarlier(file, {
    schema: 1,
    run: { name: experiment.name, hash: run.hash },
    options: { trials: [...trials], levels: [...levels], steps: [...steps], points },
    iterations: experiment.iterations,
    software: softwareVersions(),
    cells: [],
    overlaps: await overlapsOf(run, trials, levels),
  });
  const total = trials.length * levels.length * steps.length;
  const has = (trial: number, level: number, step: number) =>
    result.cells.some((cell) => cell.trial === trial && cell.level === level && cell.step === step);
  let done = 0;
  const program = await compileTraining(experiment, dataset);
  try {
    for (const trial of trials) {
      const lacking = steps.filter((step) => levels.some((level) => !has(trial, level, step)));
      const parting = await denseStates(options, program, trial, lacking);
      for (const step of steps) {
        for (const level of levels) {
          signal.throwIfAborted();
          onProgress?.(done++, total, `trial ${trial}, level ${level}, from step ${step}`);
          const dense = parting.get(step);
          if (!dense || has(trial, level, step)) continue;
          const cell = await analysePair(options, program, { trial, level, step }, dense);
          result = { ...result, cells: [...result.cells, cell] };
          await writeJson(file, result);
        }
      }
    }
  } finally {
    await program.dispose();
  }
  // Also where nothing was left to train, so that the file has what was asked now.
  await writeJson(file, result);
  onProgress?.(total, total, 'done');
  return result;
}

function requireSteps(steps: readonly number[], { iterations }: Experiment): void {
  const late = steps.find((step) => step > iterations);
  if (late !== undefined) {
    throw new RangeError(`copies cannot part at step ${late}: a training of the run has ${iterations} steps`);
  }
}

async function overlapsOf(
  run: Run,
  trials: readonly number[],
  levels: readonly number[],
): Promise<Stability['overlaps']> {
  const rows: Stability['overlaps'] = [];
  for (const level of levels.filter((each) => each > 0)) {
    const tickets = await Promise.all(
      trials.map((trial) => readStageTicket(run, { trial, branch: 'iterative', level })),
    );
    tickets.forEach((ticket, index) => {
      tickets.slice(index + 1).forEach((other) => {
        const pair = [ticket.metadata.trial, other.metadata.trial];
        const { density } = ticket.metadata;
        rows.push({ level, density, trials: pair, ...overlap(ticket.masks, other.masks) });
      });
    });
  }
  return rows;
}

/** What is wanted, with what the file has already of the same run: nothing that was computed is lost. */
async function withEarlier(file: string, wanted: Stability): Promise<Stability> {
  const json = await readJsonIfPresent(file, maxFileBytes);
  if (json === undefined) return wanted;
  const { run, options, cells, overlaps } = parseStability(json, file);
  if (!isDeepStrictEqual(run, wanted.run) || options.points !== wanted.options.points) {
    throw new Error(
      `${file} has the analysis of another run or of other points (${run.name}-${run.hash}, ${options.points} points): ` +
        'name another file, or delete it',
    );
  }
  const union = (name: 'trials' | 'levels' | 'steps') =>
    [...new Set([...options[name], ...wanted.options[name]])].sort((a, b) => a - b);
  const isWanted = (row: Stability['overlaps'][number]) =>
    wanted.overlaps.some(({ level, trials }) => level === row.level && isDeepStrictEqual(trials, row.trials));
  return {
    ...wanted,
    options: { ...options, trials: union('trials'), levels: union('levels'), steps: union('steps') },
    cells,
    overlaps: [...overlaps.filter((row) => !isWanted(row)), ...wanted.overlaps],
  };
}

/** The dense network of a trial at some steps of its training, which is that of the run's level 0. */
async function denseStates(
  { run, dataset, signal }: StabilityOptions,
  program: TrainingProgram,
  trial: number,
  steps: readonly number[],
): Promise<Map<number, TrainState>> {
  const { experiment } = run;
  const seed = trialSeed(experiment, trial);
  const network = networkOf(experiment, dataset);
  const batches = batchesOf(experiment, dataset, seed);
  const states = new Map<number, TrainState>();
  // Unmasked, like level 0: a mask of ones would give the same.
  const { masks } = await readStageTicket(run, { trial, branch: 'iterative', level: 0 });
  let state = masked(
    freshState(network, experiment.optimizer, initializeParameters(network, seed, 'init')),
    masks,
  );
  for (const step of [...steps].sort((a, b) => a - b)) {
    state = await trainTo(step, state, program, batches, signal);
    states.set(step, state);
  }
  return states;
}

async function analysePair(
  { run, dataset, points, signal }: StabilityOptions,
  program: TrainingProgram,
  key: { readonly trial: number; readonly level: number; readonly step: number },
  dense: TrainState,
): Promise<StabilityCell> {
  const { experiment } = run;
  const { trial, level } = key;
  const ticket = await readStageTicket(run, { trial, branch: 'iterative', level });
  const start = masked(dense, ticket.masks);
  const seed = trialSeed(experiment, trial);
  const copy = async (name: 'first' | 'second') => {
    // The order depends on nothing but the trial and which copy it is: levels and steps are compared under the same noise.
    const own = stream(seed, 'stability', name).integer(2 ** 31);
    return await trainTo(experiment.iterations, start, program, batchesOf(experiment, dataset, own), signal);
  };
  const first = await copy('first');
  const second = await copy('second');
  const line: StabilityCell['points'] = [];
  for (const alpha of shares(points)) {
    signal.throwIfAborted();
    const between = {
      ...first,
      parameters: pointBetween(first.parameters, second.parameters, alpha),
      buffers: alpha === 1 ? second.buffers : first.buffers,
    };
    const own =
      alpha === 0 || alpha === 1
        ? between
        : await averaged(between, program, batchesOf(experiment, dataset, seed));
    const train = await program.evaluate(own, 'train');
    const test = await program.evaluate(own, 'test');
    line.push({
      alpha,
      ...{ trainLoss: train.loss, trainError: 1 - train.accuracy },
      ...{ testLoss: test.loss, testError: 1 - test.accuracy },
    });
  }
  const of = (quantity: 'trainError' | 'testError' | 'trainLoss') =>
    barrier(line.map((each) => ({ alpha: each.alpha, value: each[quantity] })));
  return {
    ...key,
    density: ticket.metadata.density,
    points: line,
    barriers: { trainError: of('trainError'), testError: of('testError'), trainLoss: of('trainLoss') },
    distances: {
      apart: distance(first.parameters, second.parameters),
      travelled: [first, second].map((end) => distance(start.parameters, end.parameters)),
    },
  };
}

function batchesOf(experiment: Experiment, dataset: Dataset, seed: number) {
  return batchSource({
    seed,
    samples: dataset.train.labels.shape[0] ?? 0,
    batchSize: experiment.batchSize,
    rate: experiment.optimizer.rate,
  });
}
