import type { Crossing, Crossover, CrossoverCell } from '@winning-tickets/bench';
import { decimal, densityText, microsText, unknown, whole } from '../format.js';
import type { Html } from '../html.js';
import { facts, table } from './table.js';

/** Below which density each encoding is faster than dense, a row for each width and batch size. */
export function crossingsTable(crossings: readonly Crossing[]): Html {
  const encodings = [...new Set(crossings.map(({ encoding }) => encoding))];
  const rows = new Map(crossings.map(({ width, batch }) => [`${width} ${batch}`, { width, batch }]));
  return table(
    'table-crossings',
    'The weights that may be left for an encoding to be faster than dense. Never: it was not shown to be faster even at the ' +
      'smallest density; always: it was at every one; unknown: the smallest was not measured.',
    [
      { heading: 'Width', cell: ({ width }) => whole(width) },
      { heading: 'Batch', cell: ({ batch }) => whole(batch) },
      ...encodings.map((encoding) => ({
        heading: encoding,
        cell: ({ width, batch }: { width: number; batch: number }) => {
          const found = crossings.find(
            (one) => one.encoding === encoding && one.width === width && one.batch === batch,
          );
          if (!found) return unknown;
          return typeof found.paysBelow === 'string' ? found.paysBelow : densityText(found.paysBelow);
        },
      })),
    ],
    [...rows.values()].toSorted((a, b) => a.width - b.width || a.batch - b.batch),
  );
}

/** Every measured case. */
export function crossoverTable({ cells, options: { seeds } }: Crossover): Html {
  return table(
    'table-crossover',
    'Wall time of a call, and its ratio to the unpruned dense layer that was timed in turn with it. ' +
      (seeds === 1
        ? 'One mask was drawn for each case: claims and intervals are of this mask.'
        : `${seeds} masks were drawn for each case: claims and intervals are over masks.`),
    [
      { heading: 'Width', cell: ({ width }) => whole(width) },
      { heading: 'Batch', cell: ({ batch }) => whole(batch) },
      { heading: 'Encoding', text: true, cell: ({ encoding }) => encoding },
      { heading: 'Weights left', cell: ({ density }) => densityText(density) },
      { heading: 'Call', note: 'median', cell: ({ micros }) => microsText(micros) },
      { heading: 'Dense', note: 'median', cell: ({ denseMicros }) => microsText(denseMicros) },
      {
        heading: 'Ratio',
        note: '[95 % interval]',
        cell: ({ ratio: { ratio, low, high } }) => `${decimal(ratio)} [${decimal(low)}, ${decimal(high)}]`,
      },
      ...(seeds === 1
        ? []
        : [
            {
              heading: 'By mask',
              note: 'least to greatest',
              cell: ({ maskRatios }: CrossoverCell) =>
                `${decimal(Math.min(...maskRatios))} to ${decimal(Math.max(...maskRatios))}`,
            },
          ]),
      { heading: 'Claim', text: true, cell: ({ verdict }) => verdict },
    ],
    cells.toSorted((a, b) => a.width - b.width || a.batch - b.batch || b.density - a.density),
  );
}

/** Machine and settings. */
export function crossoverFacts({ environment, options, startedAt }: Crossover): Html {
  const { gpu } = environment;
  return facts('table-crossover-facts', 'The measurement', [
    ['Begun', startedAt],
    ['Provider', options.provider],
    ['GPU', gpu ? `${gpu.name}, driver ${gpu.driver}` : unknown],
    ['Processor', `${environment.cpu}, ${whole(environment.cores)} cores`],
    ['ONNX Runtime', environment.onnxruntime],
    ['Node.js', environment.node],
    ['Threads', options.threads],
    [
      'Repeats',
      `${options.repeats} blocks of ${options.blockMillis} ms${options.seeds > 1 ? ', divided among the masks' : ''}`,
    ],
    ['Masks of each case', options.seeds],
    ['Seed', options.seed],
  ]);
}
