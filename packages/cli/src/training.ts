import type { Experiment, Run, RunEvent } from '@winning-tickets/train';
import { estimate, networkOf, readRun, runExperiment } from '@winning-tickets/train';
import { progressView } from './progress/progress-view.js';
import { advanceProgress, initialProgress, secondsLeft } from './progress/progress-state.js';
import type { ProgressView } from './progress/view.js';
import { finishedText, overviewOf, planText } from './render/progress.js';

export interface TrainingOptions {
  readonly experiment: Experiment;
  /** What messages call the experiment. */
  readonly source: string;
  /** The folder that all runs are in. */
  readonly runs: string;
  readonly workers: number | undefined;
  readonly signal: AbortSignal;
}

/** Trains an experiment, or what is left of it, and shows how that goes on standard error. */
export async function trainWithProgress(options: TrainingOptions): Promise<Run> {
  const { experiment, source, runs, workers, signal } = options;
  const view = progressView();
  let tell: ((event: RunEvent) => void) | undefined;
  // What comes before it is known how much was done earlier waits for it.
  const early: RunEvent[] = [];
  const onAbort = () => {
    view.note('stopping, and saving what was done; Ctrl-C again stops at once');
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await runExperiment({
      experiment,
      root: runs,
      source,
      signal,
      ...(workers === undefined ? {} : { workers }),
      onPrepared: ({ run, dataset, workers: count }) => {
        const size = estimate(experiment, networkOf(experiment, dataset));
        void readRun(run.folder).then(({ stages }) => {
          const facts = { done: stages.length, iterations: experiment.iterations, runs };
          if (stages.length === size.stages) {
            view.note(`${run.folder}: all ${size.stages} trainings are finished`);
            return;
          }
          view.note(`${run.folder}: ${planText(size, facts)}, ${count} at a time`);
          tell = listener(
            view,
            initialProgress(size.stages, stages.length, experiment.iterations),
            (seconds) => planText(size, { ...facts, seconds }),
          );
          early.forEach(tell);
        }, ignore);
      },
      onEvent: (event) => {
        if (tell) tell(event);
        else early.push(event);
      },
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    view.stop();
  }
}

// What makes the run unreadable makes `runExperiment` fail too, and that is told.
function ignore(): void {
  return undefined;
}

function listener(
  view: ProgressView,
  initial: ReturnType<typeof initialProgress>,
  estimateText: (seconds: number) => string,
): (event: RunEvent) => void {
  let state = initial;
  let estimated = false;
  view.update(overviewOf(state));
  return (event) => {
    state = advanceProgress(state, event, performance.now());
    if (event.type === 'stage') view.finished(finishedText(event.manifest));
    if (event.type === 'notice') view.note(event.message);
    const left = secondsLeft(state);
    if (!estimated && left !== undefined && left >= 1) {
      estimated = true;
      view.note(`estimate: ${estimateText(left)}`);
    }
    view.update(overviewOf(state));
  };
}
