import type { Dataset } from '@winning-tickets/datasets';
import type { Tensors } from '@winning-tickets/onnx';
import { isDeepStrictEqual } from 'node:util';
import { experimentBatches } from '../batches.js';
import type { TrainingProgram, TrainState } from '../engine.js';
import { type Experiment, networkOf, trialSeed } from '../experiment.js';
import type { BranchId } from '../lottery/branches/branch.js';
import { compileTraining } from '../lottery/compile-training.js';
import type { Stage } from '../lottery/stages.js';
import { softwareVersions } from '../lottery/work.js';
import { stream } from '../rng.js';
import { denseState, masked, trainTo } from '../train-state.js';
import { writeJson } from '../store/atomic.js';
import { readJsonIfPresent } from '../store/read-file.js';
import type { Run } from '../store/read-run.js';
import { stageLabel } from '../store/stage-path.js';
import { readStageTicket } from '../store/stage.js';
import { barrier } from './barrier.js';
import { averaged } from './copies.js';
import { distance, overlap } from './distance.js';
import { pointBetween, shares } from './line.js';
import { type Stability, type StabilityCell, parseStability } from './result.js';

const maxFileBytes = 64_000_000;

export interface StabilityOptions {
  /** A run; it has finished what is looked at. */
  readonly run: Run;
  /** The run's data. */
  readonly dataset: Dataset;
  readonly trials: readonly number[];
  /** Whose masks; controls are looked at where they have the level. Branches may differ from the run's in masks alone. */
  readonly branches: readonly BranchId[];
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
  const { run, dataset, trials, branches, levels, steps, points, file, signal, onProgress } = options;
  const { experiment } = run;
  requireSteps(steps, experiment);
  let result = await withEarlier(file, {
    schema: 1,
    run: { name: experiment.name, hash: run.hash },
    options: { trials: [...trials], branches: [...branches], levels: [...levels], steps: [...steps], points },
    iterations: experiment.iterations,
    software: softwareVersions(),
    cells: [],
    overlaps: await overlapsOf(run, trials, levels),
  });
  const wanted = pairsOf(options);
  const has = (pair: Pair) =>
    result.cells.some((cell) => same(cell, pair) && cell.branch === pair.branch && cell.step === pair.step);
  const program = await compileTraining(experiment, dataset);
  let done = 0;
  try {
    for (const trial of trials) {
      const own = wanted.filter((pair) => pair.trial === trial);
      const lacking = [...new Set(own.filter((pair) => !has(pair)).map(({ step }) => step))];
      const parting = await denseStates(options, program, trial, lacking);
      for (const pair of own) {
        signal.throwIfAborted();
        onProgress?.(done++, wanted.length, `${stageLabel(pair)}, from step ${pair.step}`);
        const dense = parting.get(pair.step);
        if (!dense || has(pair)) continue;
        const cell = await analysePair(options, program, pair, dense);
        result = { ...result, cells: [...result.cells, cell] };
        await writeJson(file, result);
      }
    }
  } finally {
    await program.dispose();
  }
  // Also where nothing was left to train, so that the file has what was asked now.
  await writeJson(file, result);
  onProgress?.(wanted.length, wanted.length, 'done');
  return result;
}

/** Two copies: whose masks, and where they part. */
interface Pair extends Stage {
  readonly step: number;
}

function same(a: Omit<Stage, 'branch'>, b: Omit<Stage, 'branch'>): boolean {
  return a.trial === b.trial && a.level === b.level;
}

/**
 * What to train, by trial, step, level and branch. Level 0 has no weights pruned and is the iterative branch's alone.
 *
 * @throws Error when a stage is not finished
 */
function pairsOf({ run, trials, branches, levels, steps }: StabilityOptions): Pair[] {
  return trials.flatMap((trial) =>
    steps.flatMap((step) =>
      levels.flatMap((level) =>
        branches.flatMap((branch): Pair[] => {
          const there = run.stages.some((stage) => same(stage, { trial, level }) && stage.branch === branch);
          if (there) return [{ trial, branch, level, step }];
          if (branch === 'iterative') {
            throw new Error(
              `${stageLabel({ trial, branch, level })} of ${run.folder} is not finished: run the experiment first`,
            );
          }
          return [];
        }),
      ),
    ),
  );
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
    options: {
      ...options,
      branches: [...new Set([...options.branches, ...wanted.options.branches])],
      trials: union('trials'),
      levels: union('levels'),
      steps: union('steps'),
    },
    cells,
    overlaps: [...overlaps.filter((row) => !isWanted(row)), ...wanted.overlaps],
  };
}

/** The dense network of a trial at a step, and what it began with. */
interface DensePoint {
  readonly state: TrainState;
  readonly initial: Tensors;
}

/** The dense network of a trial at some steps of its training, which is that of the run's level 0. */
async function denseStates(
  { run, dataset, signal }: StabilityOptions,
  program: TrainingProgram,
  trial: number,
  steps: readonly number[],
): Promise<Map<number, DensePoint>> {
  const { experiment } = run;
  const seed = trialSeed(experiment, trial);
  const network = networkOf(experiment, dataset);
  const batches = experimentBatches(experiment, samplesOf(dataset), seed);
  const points = new Map<number, DensePoint>();
  let state = denseState(network, experiment.optimizer, seed);
  const initial = state.parameters;
  for (const step of [...steps].sort((a, b) => a - b)) {
    state = await trainTo(step, state, program, batches, signal);
    points.set(step, { state, initial });
  }
  return points;
}

async function analysePair(
  { run, dataset, points, signal }: StabilityOptions,
  program: TrainingProgram,
  key: Pair,
  dense: DensePoint,
): Promise<StabilityCell> {
  const { experiment } = run;
  const { trial } = key;
  const ticket = await readStageTicket(run, key);
  requireSameStart(ticket.initial, dense.initial, key);
  const start = masked(dense.state, ticket.masks);
  const seed = trialSeed(experiment, trial);
  const copy = async (name: 'first' | 'second') => {
    // The order depends on nothing but the trial and which copy it is: levels and steps are compared under the same noise.
    const own = stream(seed, 'stability', name).integer(2 ** 31);
    return await trainTo(
      experiment.iterations,
      start,
      program,
      experimentBatches(experiment, samplesOf(dataset), own),
      signal,
    );
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
        : await averaged(between, program, experimentBatches(experiment, samplesOf(dataset), seed));
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

function requireSameStart(initial: Tensors, dense: Tensors, key: Pair): void {
  if (Object.keys(dense).every((name) => isDeepStrictEqual(initial[name]?.data, dense[name]?.data))) return;
  throw new Error(
    `${stageLabel(key)} begins with weights of its own, but copies part from the dense network: choose branches that ` +
      'differ from the iterative one in their masks alone',
  );
}

function samplesOf({ train }: Dataset): number {
  return train.labels.shape[0] ?? 0;
}
