import type { StageManifest } from '../store/stage.js';
import type { Choice, FamilyName } from './families/family.js';

/**
 * What the choice rests on: figures of the validation samples at the iteration of least validation loss, as means over
 * the trials. A further figure of an evaluation has its place here.
 */
export interface ValidationFigures {
  /** Share of the samples classified correctly, 0 to 1. */
  readonly accuracy: number;
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
  readonly validation: ValidationFigures;
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
    validation: {
      accuracy: mean(stages.map(({ metrics }) => metrics.best.validationAccuracy)),
      loss: mean(stages.map(({ metrics }) => metrics.best.validationLoss)),
    },
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

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
