import type { Tensors } from '@winning-tickets/onnx';
import type { Masks, Network } from '@winning-tickets/ticket';
import type { Experiment } from '../../experiment.js';
import type { Scoring } from '../../pruning/initial-scores.js';
import type { FoundMasks } from '../../pruning/transfer.js';

/** The branches there are: the main one, and the controls that it is compared with. */
export const branchNames = [
  'iterative',
  'random-reinit',
  'random-mask',
  'shuffled-mask',
  'one-shot',
  'transferred',
] as const;

export type BranchName = (typeof branchNames)[number];

/** A branch at a level: with a trial, what one stage trains. */
export interface BranchLevel {
  readonly branch: BranchName;
  readonly level: number;
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
  /** The finished ticket of another stage of the same trial, one of those that `needs` names. */
  readonly ticketOf: (branch: BranchName, level: number) => Promise<FinishedTicket>;
  /** What criteria at initialisation look at. */
  readonly scoring: Scoring;
  /** Of text, the words that the input's numbers stand for. */
  readonly vocabulary?: readonly string[] | undefined;
  /** The iterative ticket of the same trial of the run that `transfer` names; undefined without one. */
  readonly transferredFrom?: ((level: number) => Promise<FoundMasks>) | undefined;
}

/** What a stage trains: which weights, from which values. */
export interface StageStart {
  /** One mask per prunable parameter. */
  readonly masks: Masks;
  /** All parameters, unmasked: the trainer applies the masks. */
  readonly initial: Tensors;
}

/** A way to choose a subnetwork and its initial weights. A new control or ablation is one of these. */
export interface Branch {
  readonly name: BranchName;
  /** The stages of the same trial that must be finished before this level can be prepared. */
  needs(level: number): readonly BranchLevel[];
  prepare(context: BranchContext): Promise<StageStart>;
}
