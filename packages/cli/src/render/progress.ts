import type { Estimate, StageManifest, StageProgress } from '@winning-tickets/train';
import { type ProgressState, secondsLeft, stageKey } from '../progress/progress-state.js';
import type { Activity, Overview } from '../progress/view.js';
import { bytesText, counted, durationText, percent, unknown, whole } from './format.js';

/** `44 trainings of 3,000 steps, 150 MB in runs`, with the time where it is known. */
export function planText(
  { stages, bytes }: Pick<Estimate, 'stages' | 'bytes'>,
  { done, iterations, runs, seconds }: PlanFacts,
): string {
  const parts = [
    `${done > 0 ? `${whole(stages - done)} of ` : ''}${counted(stages, 'training')} of ${counted(iterations, 'step')}`,
    ...(seconds === undefined ? [] : [`about ${durationText(seconds)}`]),
    `${bytesText(bytes)} in ${runs}`,
  ];
  return parts.join(', ');
}

/** What a plan's line says besides its size. */
export interface PlanFacts {
  /** Stages that were finished before. */
  readonly done: number;
  readonly iterations: number;
  /** The folder, as the user named it. */
  readonly runs: string;
  readonly seconds?: number | undefined;
}

/** One training in progress: `trial 1, iterative, level 3, 51.28 %: step 1,200 of 3,000, loss 0.031, accuracy 97.90 %`. */
function activeText({ name, step, iterations, score }: Activity): string {
  return `${name}: step ${whole(step)} of ${whole(iterations)}, ${score}`;
}

/** `loss 0.0312, accuracy 97.90 %`. */
export function scoreText({ loss, validationAccuracy }: StageProgress): string {
  const accuracy = validationAccuracy === undefined ? unknown : percent(validationAccuracy);
  return `loss ${loss.toFixed(4)}, accuracy ${accuracy}`;
}

/** What a person sees of a run. */
export function overviewOf(state: ProgressState): Overview {
  const { finished, expected, active } = state;
  return {
    noun: 'training',
    finished,
    expected,
    secondsLeft: secondsLeft(state),
    active: [...active].map(([name, progress]) => ({
      name,
      step: progress.step,
      iterations: progress.iterations,
      score: scoreText(progress),
    })),
  };
}

/** Everything in one line. */
export function overallText({ noun, finished, expected, secondsLeft: left, active }: Overview): string {
  const time = left === undefined ? '' : `, ${durationText(left)} left`;
  const trainings = active.map(activeText).join(' | ');
  return `${finished} of ${counted(expected, noun)} done${time}${trainings === '' ? '' : ` | ${trainings}`}`;
}

/** A finished training. */
export function finishedText(manifest: StageManifest): string {
  const { best } = manifest.metrics;
  return (
    `finished ${stageKey(manifest)}: ${percent(manifest.density)} of the weights, ` +
    `test accuracy ${percent(best.testAccuracy)}, early stop at ${whole(best.iteration)}, ` +
    durationText(manifest.seconds)
  );
}
