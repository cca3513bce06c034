import type { Tensors } from '@winning-tickets/onnx';
import type { Masks, Network } from '@winning-tickets/ticket';
import { z } from 'zod';
import type { TrainState } from '../../engine.js';
import type { Experiment } from '../../experiment.js';
import type { Scoring } from '../../pruning/initial-scores.js';
import type { FoundMasks } from '../../pruning/transfer.js';

/** The kinds of branches there are: the main one, and the controls and ablations that it is compared with. */
export const branchNames = [
  'iterative',
  'random-reinit',
  'random-mask',
  'shuffled-mask',
  'one-shot',
  'transferred',
  'sign-reinit',
  'constant-magnitude',
  'rewound',
  'rate-rewound',
  'fine-tuned',
  'union',
  'intersection',
  'retrained',
] as const;

export type BranchName = (typeof branchNames)[number];

/**
 * A branch with its options, as stages, folders and the command line name it: the kind, then each option in the order of its
 * schema, such as `rewound,step=100`. A kind without options is its own id.
 */
export type BranchId = string;

/** Ids as they are written; what their options are, `branchOf` says. The pattern keeps folders within a run. */
export const branchIdSchema = z
  .string()
  .regex(/^[a-z-]+(,[A-Za-z]+=[A-Za-z0-9.+-]+)*$/)
  .refine((id) => branchNames.some((name) => name === id.split(',')[0]), {
    error: `expected one of ${branchNames.join(', ')}, with options`,
  });

/** A branch at a level: with a trial, what one stage trains. */
export interface BranchLevel {
  readonly branch: BranchId;
  readonly level: number;
}

/** A stage that a branch needs: of the same trial, where none is named. */
export interface NeededStage extends BranchLevel {
  readonly trial?: number;
}

/** What a branch reads of a finished stage. A `Ticket` is one. */
export interface FinishedTicket {
  readonly masks: Masks;
  /** The initial weights, before masking. */
  readonly initial: Tensors;
  /** The weights at the end of training: what is pruned. */
  readonly trained: Tensors;
}

/** What a branch may use to prepare a stage. */
export interface BranchContext {
  readonly experiment: Experiment;
  readonly network: Network;
  readonly trial: number;
  readonly level: number;
  /** The trial's seed (`trialSeed`). */
  readonly seed: number;
  /** The finished ticket of another stage, one of those that `needs` names; of the same trial, where none is given. */
  readonly ticketOf: (branch: BranchId, level: number, trial?: number) => Promise<FinishedTicket>;
  /** The dense network of this trial at a step of its training, which is that of the iterative level 0. */
  readonly denseAt: (step: number) => Promise<TrainState>;
  /** What criteria at initialisation look at. */
  readonly scoring: Scoring;
  /** Of text, the words that the input's numbers stand for. */
  readonly vocabulary?: readonly string[] | undefined;
  /** The iterative ticket of the same trial of the run that `transfer` names; undefined without one. */
  readonly transferredFrom?: ((level: number) => Promise<FoundMasks>) | undefined;
}

/** What of an experiment a stage may say otherwise: what trains it, and how. */
export type TrainingSetup = Pick<Experiment, 'engine' | 'device' | 'optimizer' | 'compact'>;

/** What a stage trains: which weights, from which values. */
export interface StageStart {
  /** One mask per prunable parameter. */
  readonly masks: Masks;
  /** All parameters, unmasked: the trainer applies the masks. */
  readonly initial: Tensors;
  /** A training to go on with, whose parameters are `initial`; the trainer masks it. Default: one that begins. */
  readonly from?: TrainState;
  /** What trains in place of what the experiment says. */
  readonly training?: TrainingSetup;
  /** The learning rate of every step, in place of the optimizer's with its schedule. */
  readonly rate?: number;
}

/** A way to choose a subnetwork and its initial weights. A new control or ablation is one of these. */
export interface Branch<Options extends object = object> {
  readonly name: BranchName;
  /** What it is, in a sentence or two for those who choose. */
  readonly summary: string;
  /** The paper that it is from. */
  readonly source: string;
  /** What it asks for besides its levels; each described. Default: nothing. */
  readonly options?: z.ZodObject & z.ZodType<Options>;
  /** What is wrong with its options or levels in an experiment, as the end of a sentence; undefined when nothing is. */
  problem?(options: Options, experiment: Experiment, levels: readonly number[]): string | undefined;
  /** The stages that must be finished before this level can be prepared. */
  needs(level: number, options: Options): readonly NeededStage[];
  prepare(context: BranchContext, options: Options): Promise<StageStart>;
}
