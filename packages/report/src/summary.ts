import { branchLabel, byTrial, iterative, type Level, levelsOf, missingStages } from './branches.js';
import { count, densityText, percentage, ranges } from './format.js';
import { type Html, markup } from './html.js';
import type { ReportRun } from './input.js';
import { interval95, mean, pairedDifferences } from './statistics.js';

const accuracy = ({ stages }: Level) => byTrial(stages, ({ metrics }) => metrics.best.testAccuracy);

/** The result in a sentence or two. */
export function summary(run: ReportRun): Html {
  const levels = levelsOf(run, iterative);
  const dense = levels.find(({ level }) => level === 0);
  const densest = dense && mean([...accuracy(dense).values()]);
  if (!dense || densest === undefined) {
    return markup`<p class="lead">
      The dense network is not trained yet: there is nothing to compare tickets with.
    </p>`;
  }
  const measured = levels.flatMap((level) => {
    const own = mean(pairedDifferences(accuracy(level), accuracy(dense)));
    return level.level === 0 || own === undefined ? [] : [{ level, difference: own }];
  });
  const intro = `The dense network reaches ${percentage(densest)} % test accuracy at early stop (mean of ${count(accuracy(dense).size, 'trial')}).`;
  if (measured.length === 0) return markup`<p class="lead">${intro} No ticket is trained yet.</p>`;
  const smallest = measured.filter(({ difference }) => difference >= 0).at(-1);
  if (!smallest) {
    return markup`<p class="lead">${intro} No ticket reaches the dense network’s mean accuracy.</p>`;
  }
  const { level } = smallest;
  const interval = interval95(pairedDifferences(accuracy(level), accuracy(dense)));
  const sure = interval !== undefined && interval.low > 0;
  return markup`<p class="lead">
    ${intro} The smallest ticket with at least that mean has
    <strong>${densityText(level.density)} of the weights</strong> left and
    ${percentage(mean([...accuracy(level).values()]))}
    %${sure ? '' : '; with these trials the difference from the dense network cannot be told from noise'}.
  </p>`;
}

/** Which trainings are still to come; nothing when the run is complete. */
export function missingNotice(run: ReportRun): Html | undefined {
  const missing = missingStages(run);
  if (missing.length === 0) return undefined;
  const total = missing.reduce((sum, { levels }) => sum + levels.length, 0);
  return markup`<div class="notice">
    <p>
      <strong>This run is not complete:</strong> ${run.stages.length} of ${run.expected} trainings are
      finished, ${total} missing:
    </p>
    <ul>
      ${missing.map(
        ({ branch, trial, levels }) =>
          markup`<li>${`${branchLabel(branch)}, trial ${trial}: level${levels.length > 1 ? 's' : ''} ${ranges(levels)}`}</li>`,
      )}
    </ul>
  </div>`;
}
