import type { Prediction } from '../predictions.js';
import { percent } from './format.js';
import type { Table } from './table.js';

/** What was classified, and as what. */
export type PredictedSample = { readonly predictions: readonly Prediction[] } & (
  { readonly image: string } | { readonly text: string } | { readonly textFile: string }
);

/** Of a text as many characters are shown. */
const SHOWN = 40;

/** Predictions for people: a line for each class that is shown, the sample's name on its first. */
export function predictionsTable(samples: readonly PredictedSample[]): Table {
  return {
    headers: [samples.some((sample) => 'image' in sample) ? 'image' : 'text', 'class', 'probability'],
    rows: samples.flatMap((sample) =>
      sample.predictions.map((one, place) => [
        place === 0 ? nameOf(sample) : '',
        one.class,
        percent(one.probability),
      ]),
    ),
  };
}

function nameOf(sample: PredictedSample): string {
  if ('image' in sample) return sample.image;
  if ('textFile' in sample) return sample.textFile;
  const line = sample.text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
  return line.length <= SHOWN ? line : `${line.slice(0, SHOWN - 1)}…`;
}
