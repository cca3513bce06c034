import { type Interval, type Pair, estimators } from '../claims/estimators.js';
import { dependenciesOf } from '../lottery/claim.js';
import { type EvaluationRecord, type History, bestEvaluation } from '../history.js';
import type { Stage } from '../lottery/stages.js';
import { stageLabel } from '../store/stage-path.js';
import type { StageManifest } from '../store/stage.js';

/** A finished training with its course. */
export interface TrainedStage extends StageManifest {
  readonly history: History;
}

/** A quantity of some trainings, and of the dense networks of their trials. */
export interface Compared {
  /** Mean over the trials. */
  readonly mean: number;
  /** Of the means, to that of the dense networks. */
  readonly ratio: number;
  /** 95 % interval of the ratio, paired over the trials; null of one trial, and where it has no ends above 0. */
  readonly interval: Interval | null;
}

/** What it costs to train the subnetworks of a branch at a level, over the trials. */
export interface TrainingCost {
  readonly branch: string;
  readonly level: number;
  /** Mean share of the prunable weights that survive, 0 to 1. */
  readonly density: number;
  /** Trials in which both it and the dense network are trained. */
  readonly trials: number;
  /** Those of them in which it comes to the loss. */
  readonly reached: number;
  /** Steps to the loss; null where not all trials reach it, dense and pruned, for the mean of those that do says little. */
  readonly stepsToLoss: Compared | null;
  /** The same in seconds: these steps, at the time of a step. Without evaluations. */
  readonly secondsToLoss: Compared | null;
  /** Steps to the evaluation of least validation loss, where training stops early. */
  readonly stepsToStop: Compared;
  readonly secondsToStop: Compared;
  /** Wall time of a step, the median of a training. */
  readonly stepMicros: Compared;
  /** Seconds of all trainings that must come before this one: what finding costs. Null where one is not there. */
  readonly findingSeconds: number | null;
  /**
   * Trainings to the loss that it takes until finding has paid, by what each saves against the dense network's; null where
   * none saves anything or it is not known.
   */
  readonly paysAfter: number | null;
}

/** What trainings cost, and what the loss is that they are to come to. */
export interface Trainability {
  /** The validation loss asked for, in nats; null: that of each trial's dense network at its early stop. */
  readonly loss: number | null;
  /** By branch in the order of the stages, then by level. */
  readonly costs: readonly TrainingCost[];
  /** The iterative ticket that comes to the loss in the fewest steps; null where none does, or it takes more than dense. */
  readonly quickest: TrainingCost | null;
  /** Seconds that the steps of the iterative levels took, all trials together. */
  readonly levelSeconds: number;
  /** Seconds that they would have taken at the time of a step of the dense network of the same trial. */
  readonly levelSecondsAtDense: number;
}

/**
 * What training costs at each level of each branch, beside the dense network of the same trial: steps and time to a loss
 * and to the early stop, and the trainings that it takes to find what is trained.
 *
 * @param stages the finished ones of a run; those of trials without a dense network are left out
 * @param loss validation loss to come to, nats. Default: the least one of the dense network of the same trial.
 */
export function trainability(stages: readonly TrainedStage[], loss?: number): Trainability {
  const all = new Map(stages.map((stage) => [stageLabel(stage), stage]));
  const pairs = stages.flatMap((stage) => {
    const dense = all.get(stageLabel({ trial: stage.trial, branch: 'iterative', level: 0 }));
    return dense ? [{ stage, dense }] : [];
  });
  const branches = [...new Set(pairs.map(({ stage }) => stage.branch))];
  const costs = branches.flatMap((branch) => {
    const own = pairs.filter(({ stage }) => stage.branch === branch);
    const levels = [...new Set(own.map(({ stage }) => stage.level))].sort((a, b) => a - b);
    return levels.map((level) => ({
      ...{ branch, level },
      ...costOf(
        own.filter(({ stage }) => stage.level === level),
        all,
        loss,
      ),
    }));
  });
  const iterative = pairs.filter(({ stage }) => stage.branch === 'iterative' && stage.level > 0);
  const seconds = (micros: (pair: StagePair) => number) =>
    iterative.reduce((sum, pair) => sum + (pair.stage.iterations * micros(pair)) / 1e6, 0);
  return {
    loss: loss ?? null,
    costs,
    quickest: quickestOf(costs),
    levelSeconds: seconds(({ stage }) => stage.stepMicros),
    levelSecondsAtDense: seconds(({ dense }) => dense.stepMicros),
  };
}

function quickestOf(costs: readonly TrainingCost[]): TrainingCost | null {
  const ratio = ({ stepsToLoss }: TrainingCost) => stepsToLoss?.ratio ?? Infinity;
  return costs
    .filter((cost) => cost.branch === 'iterative' && cost.level > 0 && ratio(cost) < 1)
    .reduce<TrainingCost | null>((best, cost) => (best && ratio(best) <= ratio(cost) ? best : cost), null);
}

interface StagePair {
  readonly stage: TrainedStage;
  readonly dense: TrainedStage;
}

function costOf(
  pairs: readonly StagePair[],
  all: ReadonlyMap<string, TrainedStage>,
  loss: number | undefined,
): Omit<TrainingCost, 'branch' | 'level'> {
  const toLoss = ({ stage, dense }: StagePair) => {
    const target = loss ?? bestEvaluation(dense.history.evaluations)?.validationLoss ?? -Infinity;
    const [value, reference] = [stage, dense].map(({ history }) => stepsTo(target, history.evaluations));
    return { value, reference };
  };
  const timesOf = ({ stage, dense }: StagePair, steps: Pair): Pair => ({
    value: (steps.value * stage.stepMicros) / 1e6,
    reference: (steps.reference * dense.stepMicros) / 1e6,
  });
  const toStop = ({ stage, dense }: StagePair): Pair => ({
    value: stage.metrics.best.iteration,
    reference: dense.metrics.best.iteration,
  });
  const lossPairs = pairs.flatMap((pair) => {
    const { value, reference } = toLoss(pair);
    if (value === undefined || reference === undefined) return [];
    const steps = { value, reference };
    return [{ steps, seconds: timesOf(pair, steps) }];
  });
  const allReach = lossPairs.length === pairs.length;
  const secondsToLoss = allReach ? compared(lossPairs.map(({ seconds }) => seconds)) : null;
  const finding = pairs.map(({ stage }) => secondsBefore(stage, all));
  const findingSeconds = finding.includes(undefined) ? null : mean(finding as number[]);
  return {
    trials: pairs.length,
    reached: pairs.filter((pair) => toLoss(pair).value !== undefined).length,
    density: mean(pairs.map(({ stage }) => stage.density)),
    stepsToLoss: allReach ? compared(lossPairs.map(({ steps }) => steps)) : null,
    secondsToLoss,
    stepsToStop: compared(pairs.map(toStop)),
    secondsToStop: compared(pairs.map((pair) => timesOf(pair, toStop(pair)))),
    stepMicros: compared(
      pairs.map(({ stage, dense }) => ({ value: stage.stepMicros, reference: dense.stepMicros })),
    ),
    findingSeconds,
    paysAfter: paybackOf(findingSeconds, secondsToLoss),
  };
}

/** Steps to the first evaluation with at most this validation loss; undefined where there is none. */
function stepsTo(loss: number, evaluations: readonly EvaluationRecord[]): number | undefined {
  return evaluations.find(({ validationLoss }) => validationLoss <= loss)?.iteration;
}

/** Seconds of the trainings that a stage needs, and that they need, each once; undefined where one is not there. */
function secondsBefore(stage: Stage, all: ReadonlyMap<string, TrainedStage>): number | undefined {
  const before = new Set<string>();
  const open = dependenciesOf(stage);
  for (let next = open.pop(); next; next = open.pop()) {
    if (before.has(stageLabel(next))) continue;
    before.add(stageLabel(next));
    open.push(...dependenciesOf(next));
  }
  const seconds = [...before].map((label) => all.get(label)?.seconds);
  return seconds.includes(undefined) ? undefined : (seconds as number[]).reduce((sum, one) => sum + one, 0);
}

function paybackOf(finding: number | null, toLoss: Compared | null): number | null {
  if (finding === null || toLoss === null) return null;
  const saved = toLoss.mean / toLoss.ratio - toLoss.mean;
  return saved > 0 ? finding / saved : null;
}

function compared(pairs: readonly Pair[]): Compared {
  const { effect, interval } = estimators['ratio-of-means'];
  const range = interval(pairs);
  return {
    mean: mean(pairs.map(({ value }) => value)),
    ratio: effect(pairs),
    // Steps and times are above 0: a ratio that may be below it is one that the trials do not tell.
    interval: range && range.low > 0 ? range : null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
