import type { ComparedRun } from '../input.js';
import { whole } from '../format.js';
import type { Html } from '../html.js';
import { table } from './table.js';

/** What each run is, by what one asks first. */
export function comparedFacts(runs: readonly ComparedRun[]): Html {
  return table<ComparedRun>(
    'table-runs',
    'The runs.',
    [
      { heading: 'Run', cell: ({ label }) => label },
      { heading: 'Experiment', text: true, cell: ({ run }) => `${run.experiment.name} (${run.hash})` },
      {
        heading: 'Network',
        text: true,
        cell: ({ run: { experiment } }) =>
          typeof experiment.network === 'string' ? experiment.network : experiment.network.name,
      },
      { heading: 'Data set', text: true, cell: ({ run }) => run.dataset.id },
      { heading: 'Criterion', text: true, cell: ({ run }) => run.experiment.pruning.criterion },
      { heading: 'Iterations', cell: ({ run }) => whole(run.experiment.iterations) },
      { heading: 'Trials', cell: ({ run }) => whole(run.experiment.trials) },
      { heading: 'Seed', cell: ({ run }) => run.experiment.seed },
      { heading: 'Finished', cell: ({ run }) => `${run.stages.length} of ${run.expected}` },
    ],
    runs,
  );
}
