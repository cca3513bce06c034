import { densityText } from '../format.js';
import { type Html, markup } from '../html.js';
import type { TicketWords } from '../input.js';
import { table } from './table.js';

/** For each class the words through which a ticket speaks most for it. */
export function wordsTable(
  { density, trial, liveWords, totalWords, classes }: TicketWords,
  index: number,
): Html {
  return table(
    `table-words-${index + 1}`,
    `Words that speak most for each class, in the ticket of trial ${trial} with ${densityText(density)} of the ` +
      `weights, which sees ${liveWords} of ${totalWords} words: the largest sums, over all surviving paths from a ` +
      'word to the class, of the products of their weights. Classes by size, the largest first.',
    [
      { heading: 'Class', cell: ({ name }) => name },
      { heading: 'Test documents', cell: ({ documents }) => documents },
      { heading: 'Words', text: true, cell: ({ words }) => markup`${words.join(', ')}` },
    ],
    classes,
  );
}
