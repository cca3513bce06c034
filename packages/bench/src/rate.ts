import type { RatedBatch, TimedBatch } from './result.js';
import { pairedRatio, pairedRatioAboveFloor } from './statistics.js';
import { verdictOf } from './verdict.js';

/**
 * What a model's times say beside the baseline's, at each batch size.
 *
 * @param noise what the baseline's times say beside its own, a second time
 */
export function rate(
  timed: readonly TimedBatch[],
  baseline: readonly TimedBatch[],
  floor: readonly TimedBatch[],
  noise: readonly RatedBatch[] = [],
): RatedBatch[] {
  const at = <T extends TimedBatch>(rows: readonly T[], size: number) =>
    rows.find(({ batch }) => batch === size);
  return timed.map((row) => {
    const reference = at(baseline, row.batch)?.samplesMicros;
    if (!reference) return { ...row, ratioToBaseline: null };
    const empty = at(floor, row.batch)?.samplesMicros ?? [];
    return {
      ...row,
      ratioToBaseline: pairedRatio(row.samplesMicros, reference),
      ratioAboveFloor: pairedRatioAboveFloor(row.samplesMicros, reference, empty),
      verdict: verdictOf(row.samplesMicros, reference, at(noise, row.batch)?.ratioToBaseline ?? null),
    };
  });
}
