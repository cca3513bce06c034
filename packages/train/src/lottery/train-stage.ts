import type { Tensor, Tensors } from '@winning-tickets/onnx';
import type { Masks, Network, TicketMetadata, Words } from '@winning-tickets/ticket';
import {
  density,
  encodeTicket,
  layerDensities,
  liveStructure,
  survivors,
  ticketFileName,
} from '@winning-tickets/ticket';
import { experimentBatches } from '../batches.js';
import type { TrainingProgram, TrainState } from '../engine.js';
import type { Experiment } from '../experiment.js';
import { trialSeed } from '../experiment.js';
import type { EvaluationRecord } from '../history.js';
import { bestEvaluation } from '../history.js';
import type { Scoring } from '../pruning/initial-scores.js';
import { denseState, freshState, masked, trainTo } from '../train-state.js';
import type { RunFolder } from '../run-store.js';
import type { Checkpoint } from '../store/checkpoint.js';
import { readCheckpoint, writeCheckpoint } from '../store/checkpoint.js';
import type { Lock } from '../store/lock.js';
import type { Stage } from './stages.js';
import { stageLabel } from '../store/stage-path.js';
import type { StageManifest } from '../store/stage.js';
import { commitStage, readStageTicket } from '../store/stage.js';
import type { TrainingSetup } from './branches/branch.js';
import { branchOf } from './branches/branches.js';
import type { RunEvent } from './progress.js';
import { sourceFolder, ticketsOf } from './transfer-source.js';

/** The engine blocks its process for a chunk: short enough to heed Ctrl-C, long enough to cost nothing. */
const CHUNK_SECONDS = 0.4;

/** What all stages of a run share. */
export interface StageContext {
  readonly run: RunFolder;
  readonly network: Network;
  readonly program: TrainingProgram;
  /** What trains a stage that says otherwise than the experiment; disposed of by whoever made it. */
  readonly programFor: (training: TrainingSetup) => Promise<TrainingProgram>;
  /** What criteria at initialisation look at. */
  readonly scoring: Scoring;
  /** What the tickets say of their data. */
  readonly dataset: TicketMetadata['dataset'];
  /** Of text, the words that the tickets hold. */
  readonly words: Words;
  readonly software: Readonly<Record<string, string>>;
  readonly tell: (event: RunEvent) => void;
  /** A crash loses at most this many seconds of training, and what a chunk takes. */
  readonly checkpointSeconds: number;
  /** Aborting it ends the training after the current chunk, with a checkpoint. */
  readonly signal: AbortSignal;
}

/** A training in progress: everything that a checkpoint keeps. */
interface Training {
  readonly state: TrainState;
  /** Parameters and buffers at the least validation loss so far. */
  readonly best: Tensors;
  readonly evaluations: readonly EvaluationRecord[];
  /** Sum of the batch losses since the last evaluation. */
  readonly lossSum: number;
  readonly seconds: number;
  /** Mean microseconds per step of each chunk. */
  readonly chunkMicros: readonly number[];
}

/**
 * Trains one stage: prepares its mask and initial weights, trains, evaluates, and commits the ticket.
 *
 * Goes on from the stage's checkpoint when there is one. Neither an interruption nor the length of a chunk changes
 * the result: batches and rates are functions of the step number, and all state is in the checkpoint.
 *
 * @returns the manifest; undefined when it was stopped before the end (a checkpoint is there).
 * @throws Error when the loss stops being a number, or files cannot be read or written.
 */
export async function trainStage(
  context: StageContext,
  key: Stage,
  lock: Lock,
): Promise<StageManifest | undefined> {
  const { run, network, signal, checkpointSeconds } = context;
  const { experiment } = run;
  const seed = trialSeed(experiment, key.trial);
  const start = await branchOf(key.branch).prepare({
    experiment,
    network,
    trial: key.trial,
    level: key.level,
    seed,
    ticketOf: (branch, level, trial = key.trial) => readStageTicket(run, { trial, branch, level }),
    denseAt: (step) => denseAt(step, seed, context, lock),
    scoring: context.scoring,
    vocabulary: context.words.vocabulary,
    transferredFrom: experiment.transfer && ticketsOf(sourceFolder(run, experiment.transfer), key.trial),
  });
  const { masks, initial, rate } = start;
  const { optimizer } = start.training ?? experiment;
  const program = start.training ? await context.programFor(start.training) : context.program;
  const beginning = begin(masked(start.from ?? freshState(network, optimizer, initial), masks));
  const saved = await readCheckpoint(run, key, (message) => {
    context.tell({ type: 'notice', message });
  });
  let training = saved ? restored(saved, beginning) : beginning;

  const nextBatches = experimentBatches(experiment, context.dataset.split.train, seed, { optimizer, rate });
  let savedAt = performance.now();
  while (training.state.step < experiment.iterations) {
    training = await advance(training, experiment, program, nextBatches);
    requireFinite(training, key);
    report(context, key, training, masks);
    if (!(await lock.beat())) return undefined;
    const due = performance.now() - savedAt >= checkpointSeconds * 1000;
    if (signal.aborted || due) {
      await writeCheckpoint(run, key, toCheckpoint(training));
      savedAt = performance.now();
    }
    if (signal.aborted) return undefined;
  }
  return finish({ ...context, program }, key, { seed, masks, initial, training });
}

function begin(state: TrainState): Training {
  return { state, best: valuesOf(state), evaluations: [], lossSum: 0, seconds: 0, chunkMicros: [] };
}

/** The dense network of a trial at a step, trained anew as the iterative level 0 was. */
async function denseAt(step: number, seed: number, context: StageContext, lock: Lock): Promise<TrainState> {
  const { run, network, program, dataset, signal } = context;
  const dense = denseState(network, run.experiment.optimizer, seed);
  const batches = experimentBatches(run.experiment, dataset.split.train, seed);
  return await trainTo(step, dense, program, batches, signal, () => lock.beat());
}

/** Everything that the network computes with. */
function valuesOf({ parameters, buffers }: TrainState): Tensors {
  return { ...parameters, ...buffers };
}

/** Runs one chunk of steps; evaluates when it ends at an iteration where that is due. */
async function advance(
  training: Training,
  { evaluateEvery, iterations }: Experiment,
  program: TrainingProgram,
  nextBatches: ReturnType<typeof experimentBatches>,
): Promise<Training> {
  const started = performance.now();
  const { step } = training.state;
  const evaluationAt = Math.min(iterations, (Math.floor(step / evaluateEvery) + 1) * evaluateEvery);
  const lastMicros = training.chunkMicros.at(-1);
  const affordable = lastMicros === undefined ? 20 : Math.ceil((CHUNK_SECONDS * 1e6) / lastMicros);
  const steps = Math.min(evaluationAt - step, Math.max(1, affordable));
  const { state, losses } = await program.run(training.state, nextBatches(step, steps));
  const chunkMicros = [...training.chunkMicros, ((performance.now() - started) * 1000) / steps];
  const lossSum = losses.reduce((sum, loss) => sum + loss, training.lossSum);
  const next = { ...training, state, lossSum, chunkMicros };
  const evaluated = state.step === evaluationAt ? await evaluate(next, evaluateEvery, program) : next;
  return { ...evaluated, seconds: training.seconds + (performance.now() - started) / 1000 };
}

async function evaluate(training: Training, every: number, program: TrainingProgram): Promise<Training> {
  const { state, evaluations, lossSum } = training;
  const { loss, accuracy, macroF1, microF1 } = await program.evaluate(state, 'validation');
  const leastSoFar = bestEvaluation(evaluations)?.validationLoss ?? Infinity;
  const record: EvaluationRecord = {
    iteration: state.step,
    validationLoss: loss,
    validationAccuracy: accuracy,
    validationMacroF1: macroF1,
    ...(microF1 === undefined ? {} : { validationMicroF1: microF1 }),
    trainingLoss: lossSum / (state.step % every || every),
  };
  return {
    ...training,
    evaluations: [...evaluations, record],
    lossSum: 0,
    best: loss < leastSoFar ? valuesOf(state) : training.best,
  };
}

function requireFinite({ state, lossSum, evaluations }: Training, key: Stage): void {
  const validationLoss = evaluations.at(-1)?.validationLoss ?? 0;
  if (!Number.isFinite(lossSum) || !Number.isFinite(validationLoss)) {
    throw new Error(
      `${stageLabel(key)}: the loss is no longer a finite number after ${state.step} steps: lower optimizer.rate`,
    );
  }
}

function report({ tell, run }: StageContext, key: Stage, training: Training, masks: Masks): void {
  const { state, evaluations, lossSum } = training;
  const last = evaluations.at(-1);
  const sinceLast = state.step - (last?.iteration ?? 0);
  tell({
    type: 'progress',
    progress: {
      ...key,
      step: state.step,
      iterations: run.experiment.iterations,
      density: density(masks),
      loss: sinceLast > 0 ? lossSum / sinceLast : (last?.trainingLoss ?? NaN),
      validationAccuracy: last?.validationAccuracy,
    },
  });
}

/** Reads the test set, for the first and only time, at the two points that count, and commits the ticket. */
async function finish(
  { run, network, program, dataset, words, software }: StageContext,
  key: Stage,
  outcome: { seed: number; masks: Masks; initial: Tensors; training: Training },
): Promise<StageManifest> {
  const { seed, masks, initial, training } = outcome;
  const { state, best, evaluations } = training;
  const end = evaluations.at(-1);
  const atBest = bestEvaluation(evaluations);
  if (!end || !atBest) throw new Error(`${stageLabel(key)}: nothing was evaluated`);
  const bestMetrics = await measured(program, atBest, best);
  // A validation loss that fell to the end has one point where it counts.
  const endMetrics = atBest === end ? bestMetrics : await measured(program, end, valuesOf(state));
  const metrics = { best: bestMetrics, end: endMetrics };
  const { bytes, hash } = encodeTicket({
    metadata: {
      format: 'winning-tickets/1',
      network: network.spec,
      dataset,
      experiment: run.experiment,
      ...key,
      seed,
      density: density(masks),
      metrics,
      software: { ...software },
    },
    initial,
    masks,
    trained: valuesOf(state),
    best,
    ...words,
  });
  const name = ticketFileName(hash);
  const counts = Object.values(masks);
  return commitStage(run, key, {
    ticketBytes: bytes,
    ticketFileName: name,
    history: { schema: 1, evaluations },
    manifest: {
      schema: 1,
      ...key,
      seed,
      ticket: name,
      ticketHash: hash,
      density: density(masks),
      layerDensities: layerDensities(masks),
      survivors: counts.reduce((sum, mask) => sum + survivors(mask), 0),
      total: counts.reduce((sum, mask) => sum + mask.data.length, 0),
      live: liveStructure(network, best),
      metrics,
      iterations: state.step,
      seconds: training.seconds,
      stepMicros: median(training.chunkMicros),
      finishedAt: new Date().toISOString(),
    },
  });
}

async function measured(program: TrainingProgram, record: EvaluationRecord, values: Tensors) {
  const { loss, accuracy, macroF1, microF1 } = await program.evaluate(
    { parameters: values, buffers: {} },
    'test',
  );
  const { trainingLoss: _, ...onValidation } = record;
  return {
    ...onValidation,
    testLoss: loss,
    testAccuracy: accuracy,
    testMacroF1: macroF1,
    ...(microF1 === undefined ? {} : { testMicroF1: microF1 }),
  };
}

function toCheckpoint({ state, best, ...data }: Training): Checkpoint {
  return {
    tensors: {
      ...prefixed('parameter/', state.parameters),
      ...prefixed('slot/', state.slots),
      ...prefixed('buffer/', state.buffers),
      ...prefixed('best/', best),
    },
    data: { step: state.step, ...data },
  };
}

/** The training that a checkpoint holds; masks come from the stage's preparation, which is deterministic. */
function restored({ tensors, data }: Checkpoint, beginning: Training): Training {
  const { step, ...rest } = data as { step: number } & Omit<Training, 'state' | 'best'>;
  const part = (prefix: string, like: Tensors): Tensors =>
    Object.fromEntries(Object.keys(like).map((name) => [name, given(tensors, prefix + name)]));
  return {
    ...rest,
    state: {
      ...beginning.state,
      step,
      parameters: part('parameter/', beginning.state.parameters),
      slots: part('slot/', beginning.state.slots),
      buffers: part('buffer/', beginning.state.buffers),
    },
    best: part('best/', beginning.best),
  };
}

function given(tensors: Tensors, name: string): Tensor {
  const found = tensors[name];
  if (!found) throw new Error(`the checkpoint has no tensor '${name}': delete it to train this level again`);
  return found;
}

function prefixed(prefix: string, tensors: Tensors): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
