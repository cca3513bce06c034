import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { claimsTable, comparedClaims, isHeld, tally } from '../../src/tables/claims.js';
import { syntheticClaims, syntheticRun } from '../synthetic.js';

const claims = syntheticClaims();

/** The cells of a table's body, row by row. */
function cellsOf({ text }: { readonly text: string }): string[][] {
  interface Element {
    readonly textContent: string;
    querySelectorAll(selector: string): Iterable<Element>;
  }
  const { document } = parseHTML(text) as unknown as { document: Element };
  return [...document.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent.trim()),
  );
}

describe('claims held against a run', () => {
  it('are counted by how they came out', () => {
    expect(tally(claims)).toBe('1 hold, 1 do not, 2 undecided');
  });

  it('have a row each: what was claimed beside what was found, and the other ratio where it is one', () => {
    const [accurate, late, asEarly, control] = cellsOf(claimsTable(claims));
    expect(accurate?.slice(1)).toEqual([
      'holds',
      '51.30 %',
      '3',
      '> 0.00',
      '+0.40 [+0.30, +0.50]',
      '[+0.35, +0.45]',
      '–',
    ]);
    expect(late?.slice(1)).toEqual([
      'does not hold',
      '60.00 % → 51.20 %',
      '3',
      '> 0.000',
      '0.800 [0.700, 0.900]',
      '[0.750, 0.850]',
      '0.820 [0.700, 0.940]',
    ]);
    expect(asEarly?.[1]).toBe('undecidedthe interval contains the boundary');
    expect(asEarly?.[4]).toBe('1.000 ± 0.100');
    expect(control?.slice(2)).toEqual(['51.30 %', '0', '> 0.00', '–', '–', '–']);
  });

  it('show what one trial found alone, as it has no interval', () => {
    const [holds] = claims.results;
    if (!holds) throw new Error('there is such a claim');
    const estimates = holds.estimates.map((estimate) => ({ ...estimate, interval: null, bootstrap: null }));
    const [row] = cellsOf(claimsTable({ ...claims, results: [{ ...holds, trials: 1, estimates }] }));
    expect(row?.slice(3)).toEqual(['1', '> 0.00', '+0.40', '–', '–']);
  });

  it('are not shown where the run has nothing that they are about', () => {
    expect(isHeld(claims)).toBe(true);
    expect(isHeld({ ...claims, results: claims.results.slice(3) })).toBe(false);
  });
});

describe('claims held against several runs', () => {
  it('have a column a run, found by what the claim is called', () => {
    const [holds, ...others] = claims.results;
    const other = {
      ...claims,
      results: [...others, ...(holds ? [{ ...holds, outcome: 'undecided' as const }] : [])],
    };
    const run = syntheticRun();
    const [accurate, late] = cellsOf(
      comparedClaims([
        { label: 'first', run, claims },
        { label: 'other', run, claims: other },
        { label: 'without', run, claims: { ...claims, results: [] } },
      ]),
    );
    expect(accurate?.slice(1)).toEqual([
      'holds+0.40 [+0.30, +0.50]',
      'undecided+0.40 [+0.30, +0.50]',
      '–',
      '> 0.00',
    ]);
    expect(late?.slice(1, 3)).toEqual(Array(2).fill('does not hold0.800 [0.700, 0.900]'));
  });
});
