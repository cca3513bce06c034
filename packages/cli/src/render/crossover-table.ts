import type { Crossing, Crossover } from '@winning-tickets/bench';
import { crossings } from '@winning-tickets/bench';
import { percent } from './format.js';
import type { Table } from './table.js';

/** Below which density each encoding is faster than dense, a row for each width and batch size. */
export function crossoverTable(map: Pick<Crossover, 'cells' | 'options'>): Table {
  const found = crossings(map);
  const encodings = [...new Set(found.map(({ encoding }) => encoding))];
  const rows = new Map(found.map(({ width, batch }) => [`${width} ${batch}`, { width, batch }]));
  return {
    headers: ['width', 'batch', 'masks', ...encodings],
    rows: [...rows.values()].map(({ width, batch }) => [
      String(width),
      String(batch),
      String(map.options.seeds),
      ...encodings.map((encoding) => {
        const crossing = found.find(
          (one) => one.width === width && one.batch === batch && one.encoding === encoding,
        );
        return crossing ? paysText(crossing.paysBelow) : 'not measured';
      }),
    ]),
  };
}

function paysText(below: Crossing['paysBelow']): string {
  return typeof below === 'string' ? below : `below ${percent(below)}`;
}
