import type { SearchResult } from '@winning-tickets/train';

/** All that a search's report is made of. */
export interface SearchReportInput {
  readonly result: SearchResult;
  /** The command line that does the search again, as a user would type it. */
  readonly command: string;
  /** The machine and software, by what to call it: `{ Processor: '…', node: '…' }`. */
  readonly environment?: Readonly<Record<string, string | number>>;
}
