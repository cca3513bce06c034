import * as Plot from '@observablehq/plot';

/** A scale with the marks that draw its axis. */
export interface Axis {
  readonly scale: Plot.ScaleOptions;
  readonly marks: Plot.Markish[];
}

/** What a logarithmic axis needs: the ends of its domain, both above 0, and round numbers between. */
export interface LogAxisOptions {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly label: string;
  /** Largest value first. Default false. */
  readonly reverse?: boolean;
  /** Default true. */
  readonly grid?: boolean;
}

/** A horizontal logarithmic axis. Its ticks are drawn as marks because D3 leaves out labels of its own choice. */
export function logAxisX({ domain, ticks, label, reverse = false, grid = true }: LogAxisOptions): Axis {
  const options = { text: plain, label: `${label} →`, labelArrow: 'none', labelAnchor: 'right' } as const;
  return {
    scale: { type: 'log', domain, reverse, axis: null },
    marks: [grid ? Plot.gridX(ticks) : null, Plot.axisX(ticks, options)],
  };
}

/** A vertical logarithmic axis. */
export function logAxisY({ domain, ticks, label, reverse = false, grid = true }: LogAxisOptions): Axis {
  return {
    scale: { type: 'log', domain, reverse, axis: null },
    marks: [
      grid ? Plot.gridY(ticks) : null,
      Plot.axisY(ticks, { text: plain, label: `↑ ${label}`, labelArrow: 'none' }),
    ],
  };
}

/** A logarithmic axis of densities in per cent, from the dense network on the left to the sparsest on the right. */
export function densityAxis(densities: readonly number[]): Axis {
  const largest = Math.max(...densities) * 100;
  const smallest = Math.min(...densities) * 100;
  // A little room, so that the marks at both ends are not cut; more where all levels have one density.
  const room = smallest === largest ? 1.5 : 1.06;
  const domain = [smallest / room, largest * room] as const;
  const label = 'weights left (%, log scale)';
  return logAxisX({ domain, ticks: densityTicks(domain), label, reverse: true, grid: false });
}

/** The first rounds alone span less than a decade, where 1, 2, 5 would be one or two ticks. */
function densityTicks(domain: readonly [number, number]): number[] {
  const round = logTicks(...domain);
  if (round.length > 2) return round;
  const tens = Array.from({ length: 10 }, (_, index) => (index + 1) * 10);
  return [...new Set([...round, ...tens])].filter((tick) => tick >= domain[0] && tick <= domain[1]);
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
