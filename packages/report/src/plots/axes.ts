import type { ScaleOptions } from '@observablehq/plot';

/** A logarithmic axis of densities in per cent, from the dense network on the left to the sparsest on the right. */
export function densityAxis(densities: readonly number[]): ScaleOptions {
  const largest = Math.max(...densities) * 100;
  const smallest = Math.min(...densities) * 100;
  // A little room, so that the marks at both ends are not cut; more where all levels have one density.
  const room = smallest === largest ? 1.5 : 1.06;
  const domain = [smallest / room, largest * room] as const;
  return {
    type: 'log',
    reverse: true,
    domain,
    ticks: logTicks(domain[0], domain[1]),
    tickFormat: plain,
    label: 'weights left (%, log scale) →',
    labelArrow: 'none',
    labelAnchor: 'right',
  };
}

/** Round numbers for a logarithmic axis: powers of ten with 2 and 5 between; only the powers over many decades. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const steps = last - first > 4 ? [1] : [1, 2, 5];
  return Array.from({ length: last - first + 1 }, (_, index) => index + first)
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
    .filter((tick) => tick >= low && tick <= high);
}

/** A number without needless digits: `0.05`, `20`. */
export function plain(value: number): string {
  return value >= 1 ? String(Math.round(value * 100) / 100) : String(Number(value.toPrecision(2)));
}
