import type { Claim, ClaimResult, ClaimEstimate, Interval } from '@winning-tickets/train';
import { counted, unknown } from './format.js';
import type { Table } from './table.js';

/** What a run says of claims: a row for each, and one more where there are two kinds of ratio. */
export function claimsTable(results: readonly ClaimResult[]): Table {
  return {
    headers: ['claim', 'weights left', 'trials', 'claimed', 'found [95 %]', 'bootstrap', 'outcome'],
    rows: results.flatMap((result) => {
      const { claim, trials, outcome, reason, estimates } = result;
      const [deciding, ...others] = estimates;
      return [
        [
          claim.id,
          densityText(result),
          `${trials}`,
          claimedText(claim),
          ...foundTexts(deciding, claim),
          reason === null ? outcome : `${outcome}: ${reason}`,
        ],
        ...others.map((other) => [`  as ${words(other.estimator)}`, '', '', '', ...foundTexts(other, claim)]),
      ];
    }),
  };
}

/** How many claims came out how, and how to read the table. */
export function claimsCaption(results: readonly ClaimResult[]): string {
  const tally = (['holds', 'does not hold', 'undecided'] as const).map(
    (outcome) => `${outcome} ${results.filter((result) => result.outcome === outcome).length}`,
  );
  return [
    `${counted(results.length, 'claim')}: ${tally.join(', ')}.`,
    "Differences (accuracies in points) and ratios are paired over trials. Student's interval decides; the bootstrap's is " +
      'too narrow for few trials.',
    ...(results.some(elsewhere)
      ? ['Where two densities stand, the first is claimed, the second the nearest that was trained.']
      : []),
  ].join('\n');
}

function elsewhere({ claim, density }: ClaimResult): boolean {
  return density !== null && short(density) !== short(claim.density);
}

function densityText(result: ClaimResult): string {
  const { claim, density } = result;
  if (density === null || !elsewhere(result)) return `${short(claim.density)} %`;
  return `${short(claim.density)} → ${short(density)} %`;
}

function short(share: number): string {
  return (100 * share).toFixed(1);
}

function claimedText(claim: Claim): string {
  const { direction, boundary, tolerance } = claim;
  if (direction === 'within') {
    return `${valueText(boundary, claim)} ± ${valueText(tolerance, claim)}`;
  }
  return direction === 'above'
    ? `> ${valueText(boundary - tolerance, claim)}`
    : `< ${valueText(boundary + tolerance, claim)}`;
}

function foundTexts(estimate: ClaimEstimate | undefined, claim: Claim): [string, string] {
  if (!estimate) return [unknown, unknown];
  const interval = intervalText(estimate.interval, claim);
  return [`${valueText(estimate.effect, claim)} ${interval}`, intervalText(estimate.bootstrap, claim)];
}

function intervalText(interval: Interval | null, claim: Claim): string {
  if (!interval) return unknown;
  return `[${valueText(interval.low, claim)}, ${valueText(interval.high, claim)}]`;
}

/** A ratio as it is; a difference of accuracies in points, of steps whole, of losses in nats. */
function valueText(value: number, { estimator, quantity }: Claim): string {
  if (estimator !== 'difference') return value.toFixed(3);
  switch (quantity) {
    case 'test-accuracy':
    case 'test-macro-f1':
      return (100 * value).toFixed(2);
    case 'early-stop-iteration':
      return value.toFixed(0);
    case 'validation-loss':
      return value.toFixed(4);
  }
}

function words(name: string): string {
  return name.replaceAll('-', ' ');
}
