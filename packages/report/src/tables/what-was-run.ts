import { finite } from '../branches.js';
import { count, durationText, whole } from '../format.js';
import { type Html, markup } from '../html.js';
import type { ReportInput, ReportRun } from '../input.js';
import { benchFacts } from './bench-facts.js';
import { facts } from './table.js';

/** Data, seeds, time and machines: what someone who doubts a number asks for first. */
export function whatWasRun({ run, benches = [], environment }: ReportInput): Html {
  const { experiment } = run;
  const finished = run.stages.map(({ finishedAt }) => finishedAt).sort();
  const seconds = finite(run.stages.map((stage) => stage.seconds)).reduce((sum, value) => sum + value, 0);
  return markup`${facts('table-run', 'The training', [
    ['Experiment', `${experiment.name} (${run.hash})`],
    ['Data set', run.dataset.id],
    ['Its checksum', markup`<code>${run.dataset.checksum}</code>`],
    [
      'Split',
      `${whole(experiment.dataset.validation)} training samples set aside for validation, seed ${experiment.dataset.splitSeed}`,
    ],
    ['Network', typeof experiment.network === 'string' ? experiment.network : experiment.network.name],
    ['Engine', `${experiment.engine} on ${experiment.device}, ${count(experiment.threads, 'thread')}`],
    [
      'Each training',
      `${whole(experiment.iterations)} iterations of batch ${experiment.batchSize}, evaluated every ${experiment.evaluateEvery}`,
    ],
    ['Trials', `${experiment.trials}, seed ${experiment.seed}`],
    ['Seeds of the trials', seedsText(run)],
    ['Trainings finished', `${run.stages.length} of ${run.expected}`],
    ['Time', `${durationText(seconds)} of training in all`],
    [
      'First and last finished',
      finished.length > 0 ? `${finished[0] ?? ''} and ${finished.at(-1) ?? ''}` : 'none yet',
    ],
    ...Object.entries(environment ?? {}).map(([name, value]) => [name, value] as const),
  ])}${benches.map((bench, index) => benchFacts(bench, benches.length > 1 ? `-${index + 1}` : ''))}`;
}

function seedsText({ stages }: ReportRun): string {
  const seeds = new Map(stages.map(({ trial, seed }) => [trial, seed]));
  const texts = [...seeds].sort(([a], [b]) => a - b).map(([trial, seed]) => `trial ${trial}: ${seed}`);
  return texts.length > 0 ? texts.join(', ') : 'none yet';
}
