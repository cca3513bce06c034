import type { DivergedCandidate, SearchResult, TrainedCandidate } from '@winning-tickets/train';
import { count, durationText, microsText, percentage, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import { facts, table } from './table.js';

/** All candidates, best first, by what the validation samples say; those that diverged at the end. */
export function rankingTable({ ranking, diverged, chosen, search }: SearchResult): Html {
  const choices = new Set(chosen.map(({ run }) => run));
  const trained = (row: Row) => ('validation' in row ? row : undefined);
  return table<Row>(
    'table-ranking',
    'By validation accuracy; where it is equal by loss, then by fewer parameters. Figures at the iteration of least ' +
      `validation loss${search.budget.trials > 1 ? `, means of ${count(search.budget.trials, 'trial')}` : ''}.`,
    [
      { heading: 'Family', cell: ({ family }) => family },
      { heading: 'Choices', text: true, cell: ({ choice }) => choiceText(choice) },
      {
        heading: 'Accuracy',
        note: 'validation, %',
        cell: (row) => percentage(trained(row)?.validation.accuracy),
      },
      {
        heading: 'Macro-F1',
        note: 'validation, %',
        cell: (row) => percentage(trained(row)?.validation.macroF1),
      },
      {
        heading: 'Loss',
        note: 'validation, nats',
        cell: (row) => trained(row)?.validation.loss.toFixed(4) ?? unknown,
      },
      { heading: 'Early stop', note: 'iteration', cell: (row) => whole(trained(row)?.iteration) },
      { heading: 'Parameters', cell: ({ parameters }) => whole(parameters) },
      { heading: 'Step', note: 'median', cell: (row) => microsText(trained(row)?.stepMicros) },
      { heading: 'Time', note: 'per training', cell: (row) => durationText(trained(row)?.seconds) },
      {
        heading: '',
        text: true,
        cell: (row) => (trained(row) ? choices.has(row.run) && 'chosen' : 'diverged'),
      },
    ],
    [...ranking, ...diverged],
  );
}

type Row = TrainedCandidate | DivergedCandidate;

/** The choice of each family and the baselines, with what the test samples say of them. */
export function choicesTable({ ranking, chosen, baselines }: SearchResult): Html {
  const networks = chosen.map(({ family, name, run, test }) => {
    const own = ranking.find((one) => one.run === run);
    return { title: family, about: name, validation: own?.validation, test, parameters: own?.parameters };
  });
  const simple = baselines.map(({ name, about, validation, test }) => ({
    title: name,
    ...{ about, validation, test, parameters: undefined },
  }));
  return table(
    'table-choices',
    'The test samples were read for these alone. Networks: at the iteration of least validation loss. The linear ' +
      'family is a baseline, too.',
    [
      { heading: 'Classifier', cell: ({ title }) => title },
      { heading: 'What', text: true, cell: ({ about }) => about },
      { heading: 'Accuracy', note: 'validation, %', cell: (row) => percentage(row.validation?.accuracy) },
      { heading: 'Accuracy', note: 'test, %', cell: ({ test }) => percentage(test.accuracy) },
      { heading: 'Macro-F1', note: 'test, %', cell: ({ test }) => percentage(test.macroF1) },
      { heading: 'Parameters', cell: ({ parameters }) => whole(parameters) },
    ],
    [...networks, ...simple],
  );
}

/** Data, seeds and what was drawn from. */
export function searchFacts(
  { search, hash, dataset, ranking, diverged }: SearchResult,
  environment: Readonly<Record<string, string | number>> = {},
): Html {
  const seconds = ranking.reduce((sum, one) => sum + one.seconds * one.trials, 0);
  const families = Object.entries(search.families).map(
    ([family, lists]) =>
      [
        `Family ${family}`,
        Object.entries(lists)
          .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
          .join(', '),
      ] as const,
  );
  return facts('table-search', 'The search', [
    ['Search', `${search.name} (${hash})`],
    ['Data set', dataset.id],
    ['Its checksum', dataset.checksum],
    [
      'Split',
      `${whole(search.dataset.validation)} training samples set aside for validation, seed ${search.dataset.splitSeed}`,
    ],
    [
      'Optimizer',
      `${JSON.stringify(search.optimizer)}, batch ${search.batchSize}, ${count(search.threads, 'thread')}`,
    ],
    [
      'Iterations',
      `${search.iterations}, evaluated every ${search.evaluateEvery}, unless a family says otherwise`,
    ],
    ...families,
    [
      'Budget',
      `${count(search.budget.candidates, 'candidate')}, ${count(search.budget.trials, 'trial')} each; ` +
        `${ranking.length} trained, ${diverged.length} diverged`,
    ],
    ['Seed', search.seed],
    ['Time', `${durationText(seconds)} of training in all`],
    ...Object.entries(environment),
  ]);
}

/** `hidden 256, depth 1, dropout 0.3`. */
function choiceText(choice: TrainedCandidate['choice']): string {
  return Object.entries(choice)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? value.join(' ') : value}`)
    .join(', ');
}
