import { sizeOf } from '@winning-tickets/onnx';
import type { Network } from '@winning-tickets/ticket';
import type { Experiment } from '../experiment.js';
import { slotNames } from '../optimizers/rules.js';
import { ladder } from '../pruning/ladder.js';
import type { BranchLevel } from './branches/branch.js';

/** One training of an experiment: a branch at a level, in a trial (numbered from 1). */
export interface Stage extends BranchLevel {
  readonly trial: number;
}

/**
 * All stages of an experiment, in an order that respects what each `needs`: trial after trial, level after level, at
 * each level the iterative branch first and then its controls.
 */
export function stagesOf(experiment: Pick<Experiment, 'trials' | 'branches' | 'pruning'>): readonly Stage[] {
  const stages: Stage[] = [];
  for (let trial = 1; trial <= experiment.trials; trial++) {
    for (let level = 0; level <= experiment.pruning.levels; level++) {
      stages.push({ trial, branch: 'iterative', level });
      for (const { kind, levels } of experiment.branches) {
        if (levels.includes(level)) stages.push({ trial, branch: kind, level });
      }
    }
  }
  return stages;
}

/** How large an experiment is. */
export interface Estimate {
  /** Trainings. */
  readonly stages: number;
  /** Steps of all trainings together. */
  readonly steps: number;
  /** Numbers that the network learns, biases included. */
  readonly parameters: number;
  /** Weights that can be pruned. */
  readonly prunable: number;
  /** Weights that survive at the last level. */
  readonly survivors: number;
  /** Their share of the prunable weights, 0 to 1. */
  readonly density: number;
  /** Bytes on disk of all tickets and one checkpoint, histories aside. */
  readonly bytes: number;
}

/** How large an experiment is with a network. */
export function estimate(experiment: Experiment, network: Network): Estimate {
  const levels = ladder(network, experiment.pruning);
  const stages = stagesOf(experiment).length;
  const parameters = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const prunable = levels[0]?.total ?? 0;
  // A ticket holds initial, trained and best weights in 4 bytes each, and a mask in one.
  const ticketBytes = 12 * parameters + prunable;
  const checkpointBytes = 4 * parameters * (2 + slotNames(experiment.optimizer).length);
  return {
    stages,
    steps: stages * experiment.iterations,
    parameters,
    prunable,
    survivors: levels.at(-1)?.total ?? 0,
    density: levels.at(-1)?.density ?? 1,
    bytes: stages * ticketBytes + checkpointBytes,
  };
}
