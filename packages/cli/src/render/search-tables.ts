import type { SearchResult, TrainedCandidate } from '@winning-tickets/train';
import { counted, percent, unknown, whole } from './format.js';
import type { Table } from './table.js';

/** All candidates of a search, best first, by what the validation samples say. */
export function rankingTable({ ranking, diverged, chosen }: SearchResult): Table {
  const choices = new Set(chosen.map(({ run }) => run));
  return {
    headers: [
      'candidate',
      'validation %',
      'macro-F1 %',
      'loss',
      'early stop',
      'parameters',
      'step µs',
      'seconds',
      '',
    ],
    rows: [
      ...ranking.map((candidate) => [...rankingRow(candidate), choices.has(candidate.run) ? 'chosen' : '']),
      ...diverged.map(({ name, parameters }) => [
        name,
        ...Array.from({ length: 4 }, () => unknown),
        whole(parameters),
        ...[unknown, unknown, 'diverged'],
      ]),
    ],
  };
}

function rankingRow({
  name,
  validation,
  iteration,
  parameters,
  stepMicros,
  seconds,
}: TrainedCandidate): string[] {
  return [
    name,
    (100 * validation.accuracy).toFixed(2),
    (100 * validation.macroF1).toFixed(2),
    validation.loss.toFixed(4),
    whole(iteration),
    whole(parameters),
    whole(stepMicros),
    seconds.toFixed(1),
  ];
}

/** The choice of each family and the baselines, with what the test samples say of them. */
export function choicesTable({ ranking, chosen, baselines }: SearchResult): Table {
  const validationOf = (run: string) => ranking.find((one) => one.run === run)?.validation;
  const row = (name: string, validation: Figures | undefined, test: Figures, detail: string) => [
    name,
    validation ? percent(validation.accuracy) : unknown,
    percent(test.accuracy),
    percent(test.macroF1),
    detail,
  ];
  return {
    headers: ['family', 'validation', 'test', 'test macro-F1', 'what'],
    rows: [
      ...chosen.map(({ family, run, name, test }) => row(family, validationOf(run), test, name)),
      ...baselines.map(({ name, about, validation, test }) => row(name, validation, test, about)),
    ],
  };
}

interface Figures {
  readonly accuracy: number;
  readonly macroF1: number;
}

/** How to read the tables. */
export function searchCaption({ search }: SearchResult): string {
  const { trials } = search.budget;
  return (
    'Figures at the iteration of least validation loss' +
    `${trials > 1 ? `, means of ${counted(trials, 'trial')}` : ''}. ` +
    'Ranked by validation accuracy, then loss, then fewer parameters; the test samples were read for the choices alone.'
  );
}
