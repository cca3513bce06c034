import type { RunStatus, StageStatus } from '@winning-tickets/train';
import { durationText, unknown } from './format.js';
import type { Table } from './table.js';

/** How many stages of a run are in each state. */
export function tally({ stages }: RunStatus): Record<StageStatus['state'], number> {
  const of = (state: StageStatus['state']) => stages.filter((stage) => stage.state === state).length;
  return { done: of('done'), running: of('running'), failed: of('failed'), waiting: of('waiting') };
}

/** Runs for people, one a line. */
export function statusTable(runs: readonly RunStatus[]): Table {
  return {
    headers: ['run', 'done', 'running', 'failed', 'waiting', 'time left'],
    rows: runs.map((run) => {
      const { done, running, failed, waiting } = tally(run);
      const counts = [`${done} of ${run.stages.length}`, ...[running, failed, waiting].map(String)];
      return [run.folder, ...counts, leftText(run)];
    }),
  };
}

/** Why stages failed, in a sentence each. */
export function failuresOf(runs: readonly RunStatus[]): string[] {
  return runs.flatMap(({ folder, stages }) =>
    stages.flatMap(({ failure }) => (failure ? [`${folder}: ${failure.message} (${failure.failedAt})`] : [])),
  );
}

function leftText({ secondsLeft }: RunStatus): string {
  if (secondsLeft === undefined) return unknown;
  return secondsLeft === 0 ? 'none' : `about ${durationText(secondsLeft)}`;
}
