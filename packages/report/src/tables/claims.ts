import type { ClaimEstimate, ClaimResult, Interval } from '@winning-tickets/train';
import { decimal, densityText, points, unknown, whole } from '../format.js';
import { type Html, markup } from '../html.js';
import type { ComparedRun, HeldClaims } from '../input.js';
import { type Column, table } from './table.js';

type Claim = ClaimResult['claim'];

/** Whether a run has anything that some claim is about. */
export function isHeld({ results }: HeldClaims): boolean {
  return results.some(({ trials }) => trials > 0);
}

/** How many claims came out how: `5 hold, 2 do not, 10 undecided`. */
export function tally({ results }: HeldClaims): string {
  const of = (outcome: ClaimResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  return `${of('holds')} hold, ${of('does not hold')} do not, ${of('undecided')} undecided`;
}

/** What a run says of each claim, and how sure that is. */
export function claimsTable({ source, results }: HeldClaims): Html {
  return table<ClaimResult>(
    'table-claims',
    `${source}. ${reading} ${elsewhere}`,
    [
      { heading: 'Claim', sentence: true, cell: ({ claim }) => claim.statement },
      { heading: 'Outcome', text: true, cell: outcomeOf },
      { heading: 'Weights left', cell: densities },
      { heading: 'Trials', cell: ({ trials }) => whole(trials) },
      { heading: 'Claimed', cell: ({ claim }) => claimedText(claim) },
      {
        heading: 'Found',
        note: '95 %, decides',
        cell: ({ claim, estimates }) => foundText(claim, estimates[0]),
      },
      {
        heading: 'By bootstrap',
        note: '95 %',
        cell: ({ claim, estimates }) => intervalText(claim, estimates[0]?.bootstrap),
      },
      {
        heading: 'The other ratio',
        note: 'mean of ratios or ratio of means',
        cell: ({ claim, estimates }) => foundText(claim, estimates[1]),
      },
    ],
    results,
  );
}

/** What several runs say of each claim; the runs must have been held against the same ones. */
export function comparedClaims(runs: readonly (ComparedRun & { readonly claims: HeldClaims })[]): Html {
  const [first] = runs;
  return table<ClaimResult>(
    'table-claims',
    `${first?.claims.source}. ${reading} Each run is looked at where its density is nearest to the claimed one.`,
    [
      { heading: 'Claim', sentence: true, cell: ({ claim }) => claim.statement },
      ...runs.map(({ label, claims }): Column<ClaimResult> => ({
        heading: label,
        note: tally(claims),
        text: true,
        cell: ({ claim }) => {
          const result = claims.results.find((one) => one.claim.id === claim.id);
          if (!result) return unknown;
          return markup`${outcomeName(result)}<span>${foundText(claim, result.estimates[0])}</span>`;
        },
      })),
      { heading: 'Claimed', cell: ({ claim }) => claimedText(claim) },
    ],
    first?.claims.results ?? [],
  );
}

const reading =
  'Differences (accuracies in points) and ratios are paired over trials; Student’s 95 % interval decides. A claim holds where ' +
  'the whole interval lies where it says, does not hold where none of it does, and is undecided otherwise.';

const elsewhere = 'Where two densities stand, the second is the nearest that was trained.';

function outcomeName({ outcome }: ClaimResult): Html {
  return outcome === 'undecided' ? markup`${outcome}` : markup`<strong>${outcome}</strong>`;
}

function outcomeOf(result: ClaimResult): Html {
  return markup`${outcomeName(result)}${result.reason !== null && markup`<span>${result.reason}</span>`}`;
}

function densities({ claim, density }: ClaimResult): string {
  const isThere = density === null || Math.abs(density / claim.density - 1) < 0.01;
  return isThere ? densityText(claim.density) : `${densityText(claim.density)} → ${densityText(density)}`;
}

function claimedText(claim: Claim): string {
  const { direction, boundary, tolerance } = claim;
  const text = (value: number) => valueText(claim, value);
  if (direction === 'within') return `${text(boundary)} ± ${text(tolerance).replace('+', '')}`;
  return direction === 'above' ? `> ${text(boundary - tolerance)}` : `< ${text(boundary + tolerance)}`;
}

function foundText(claim: Claim, estimate: ClaimEstimate | undefined): string {
  if (!estimate) return unknown;
  const found = valueText(claim, estimate.effect);
  return estimate.interval ? `${found} ${intervalText(claim, estimate.interval)}` : found;
}

function intervalText(claim: Claim, interval: Interval | null | undefined): string {
  return interval ? `[${valueText(claim, interval.low)}, ${valueText(claim, interval.high)}]` : unknown;
}

/** A ratio as it is; a difference of accuracies in points, of steps whole, of losses in nats. */
function valueText({ estimator, quantity }: Claim, value: number): string {
  if (estimator !== 'difference') return decimal(value, 3);
  if (quantity === 'early-stop-iteration') return whole(value);
  return quantity === 'validation-loss' ? decimal(value, 4) : points(value);
}
