import type { Prediction } from '../predictions.js';
import { percent } from './format.js';
import type { Table } from './table.js';

/** Predictions for people: a line for each class that is shown, the image's name on its first. */
export function predictionsTable(
  images: readonly { readonly image: string; readonly predictions: readonly Prediction[] }[],
): Table {
  return {
    headers: ['image', 'class', 'probability'],
    rows: images.flatMap(({ image, predictions }) =>
      predictions.map((one, place) => [place === 0 ? image : '', one.class, percent(one.probability)]),
    ),
  };
}
