import type { DatasetDescription } from '@winning-tickets/datasets';
import { bytesText, unknown, whole } from './format.js';
import type { Table } from './table.js';

/** Data sets, one a line. */
export function datasetsTable(all: readonly DatasetDescription[]): Table {
  return {
    headers: ['name', 'data set', 'licence', 'files'],
    rows: all.map((one) => [one.id, one.title, one.licence, placeText(one)]),
  };
}

/** What is known of one data set. */
export function datasetFacts(one: DatasetDescription): (readonly [string, string])[] {
  const { samples, classes, bytes } = one;
  return [
    ['name', one.id],
    ['data set', one.title],
    ['source', one.source],
    ['licence', one.licence],
    [
      'samples',
      samples ? `${whole(samples.train)} for training, ${whole(samples.test)} for testing` : unknown,
    ],
    ['input', inputText(one)],
    ['classes', classes === null ? unknown : `${classes}`],
    ['size', bytes === null ? unknown : bytesText(bytes)],
    ['files', placeText(one)],
  ];
}

function inputText({ kind, inputShape }: DatasetDescription): string {
  if (kind === 'text') return 'bags or sequences of words, as "text" of the experiment\'s "dataset" says';
  return inputShape ? `[${inputShape.join(', ')}]` : unknown;
}

function placeText({ bundled }: DatasetDescription): string {
  return bundled ? 'installed along; --data-dir for your own copy' : 'your own, in the folder of --data-dir';
}
