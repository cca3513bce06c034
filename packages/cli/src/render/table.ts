import type { Table } from '@winning-tickets/bench';
import type { Colors } from '../terminal.js';

export type { Table };

/**
 * A table as text: columns padded to one width, the first to the left, columns of numbers to the right.
 *
 * @param colors dress the headers
 */
export function renderTable({ headers, rows }: Table, colors: Pick<Colors, 'bold'>): string {
  const columns = headers.map((header, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const width = Math.max(header.length, ...cells.map((cell) => cell.length));
    return { width, right: index > 0 && cells.every((cell) => /^[-−–+\d(]|^$/.test(cell)) };
  });
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width, right }, index) => {
        const cell = cells[index] ?? '';
        return right ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [colors.bold(line(headers)), ...rows.map(line)].join('\n');
}

/** Names and values below each other. */
export function renderFacts(facts: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
