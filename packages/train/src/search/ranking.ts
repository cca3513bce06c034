import type { StageManifest } from '../store/stage.js';
import type { Choice, FamilyName } from './families/family.js';

/** Figures of one side's samples at the iteration of least validation loss, as means over the trials. */
export interface SideFigures {
  /** Share of the samples classified correctly, 0 to 1. */
  readonly accuracy: number;
  /** See `Agreement`; beside the accuracy, where classes are of unequal size, and not ranked by. */
  readonly macroF1: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
}

/** A trained candidate, without anything that the test samples say of it. */
export interface TrainedCandidate {
  readonly family: FamilyName;
  /** Its experiment's name. */
  readonly name: string;
  /** Its run's folder, inside the search's: different for every candidate. */
  readonly run: string;
  readonly choice: Choice;
  /** What the choice rests on. */
  readonly validation: SideFigures;
  /** Iteration of least validation loss, mean over the trials. */
  readonly iteration: number;
  /** Numbers that the network learns, biases included. */
  readonly parameters: number;
  /** Median microseconds per step, mean over the trials. */
  readonly stepMicros: number;
  /** Wall time of a training, mean over the trials. */
  readonly seconds: number;
  readonly trials: number;
}

/** What a candidate's finished trainings say, apart from the test samples. */
export function trainedCandidate(
  candidate: Pick<TrainedCandidate, 'family' | 'name' | 'run' | 'choice' | 'parameters'>,
  stages: readonly StageManifest[],
): TrainedCandidate {
  const { family, name, run, choice, parameters } = candidate;
  return {
    ...{ family, name, run, choice },
    validation: sideFigures(stages, 'validation'),
    iteration: mean(stages.map(({ metrics }) => metrics.best.iteration)),
    parameters,
    stepMicros: mean(stages.map(({ stepMicros }) => stepMicros)),
    seconds: mean(stages.map(({ seconds }) => seconds)),
    trials: stages.length,
  };
}

/**
 * Candidates from best to worst: the higher validation accuracy first; of equal ones the lower validation loss, then
 * the fewer parameters, then the name, so that the order never depends on which training ended first.
 */
export function ranked(candidates: readonly TrainedCandidate[]): TrainedCandidate[] {
  return candidates.toSorted(
    (a, b) =>
      b.validation.accuracy - a.validation.accuracy ||
      a.validation.loss - b.validation.loss ||
      a.parameters - b.parameters ||
      (a.run < b.run ? -1 : 1),
  );
}

/** The best candidate of each family, best first. */
export function bestOfFamilies(ranking: readonly TrainedCandidate[]): TrainedCandidate[] {
  return ranking.filter(({ family }, index) => ranking.findIndex((one) => one.family === family) === index);
}

/** What finished stages say of one side's samples. */
export function sideFigures(stages: readonly StageManifest[], side: 'validation' | 'test'): SideFigures {
  const best = stages.map(({ metrics }) => metrics.best);
  return {
    accuracy: mean(best.map((each) => each[`${side}Accuracy`])),
    // Measured in every run that a search can have made.
    macroF1: mean(best.map((each) => each[`${side}MacroF1`] ?? 0)),
    loss: mean(best.map((each) => each[`${side}Loss`])),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
