import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { renderSearchReport, type SearchReportInput } from '../src/index.js';
import { warningsFail } from './plots/drawing.js';
import { syntheticSearch } from './synthetic-search.js';

warningsFail();

const command = 'tickets search reuters';
const result = syntheticSearch();

/** The text of every cell of a table's rows. */
function cells(page: string, table: string): string[][] {
  const { document } = parseHTML(page) as unknown as {
    document: { querySelector(selector: string): Element };
  };
  interface Element {
    readonly textContent: string;
    querySelectorAll(selector: string): Iterable<Element>;
  }
  const rows = document.querySelector(`[aria-labelledby="${table}"] tbody`).querySelectorAll('tr');
  return [...rows].map((row) =>
    [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent.trim()),
  );
}

const cases: Record<string, SearchReportInput> = {
  'a finished search': { result, command, environment: { Processor: 'some', Cores: 2 } },
  'a search of three trials': {
    result: syntheticSearch({ search: { ...result.search, budget: { candidates: 7, trials: 3 } } }),
    command,
  },
  'a search of which every candidate diverged': {
    result: syntheticSearch({ ranking: [], chosen: [] }),
    command,
  },
};

describe.each(Object.entries(cases))('the page of %s', (_, input) => {
  const page = renderSearchReport(input);

  it('is the same every time', () => {
    expect(renderSearchReport(input)).toBe(page);
  });
  it('has no number that is none', () => {
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });
  it('needs nothing outside itself and runs nothing', () => {
    expect(page).not.toMatch(/https?:|\/\/[a-z]|url\(|@import|<script/i);
  });
  it('says how to run it again', () => {
    expect(page).toContain(command);
  });
});

describe('the page of a search', () => {
  const page = renderSearchReport({ result, command });

  it('has every candidate, best first, and those that diverged at the end', () => {
    const rows = cells(page, 'table-ranking');
    expect(rows.map(([family]) => family)).toEqual([
      'cnn',
      'ffnn',
      'ffnn',
      'linear',
      'cnn',
      'linear',
      'linear',
    ]);
    expect(rows.map((row) => row.at(-1))).toEqual(['chosen', 'chosen', '', 'chosen', '', '', 'diverged']);
  });

  it('has test figures of the choices and the baselines alone', () => {
    const rows = cells(page, 'table-choices');
    expect(rows.map(([name, , validation, test]) => [name, validation, test])).toEqual([
      ['cnn', '91.00', '90.00'],
      ['ffnn', '90.00', '89.00'],
      ['linear', '88.00', '87.00'],
      ['majority class', '35.30', '35.40'],
      ['naive Bayes', '82.80', '82.10'],
    ]);
  });

  it('escapes what comes from the file', () => {
    const search = { ...result.search, name: '<b>x' };
    expect(renderSearchReport({ result: { ...result, search }, command })).not.toContain('<b>x');
  });
});
