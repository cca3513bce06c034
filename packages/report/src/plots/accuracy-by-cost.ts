import type { SearchResult, TrainedCandidate } from '@winning-tickets/train';
import * as Plot from '@observablehq/plot';
import { percentage } from '../format.js';
import { seriesStyle } from '../series.js';
import { logAxisX, logTicks, plain } from './axes.js';
import { drawPlot, type Figure } from './figure.js';

/** What a network costs. */
export interface Cost {
  readonly id: string;
  readonly title: string;
  /** Label of the horizontal axis, with the unit. */
  readonly axis: string;
  /** In the axis's unit, above 0. */
  readonly of: (candidate: TrainedCandidate) => number;
  /** A cost in words. */
  readonly text: (candidate: TrainedCandidate) => string;
  /** First sentence of the caption. */
  readonly caption: string;
}

/**
 * Validation accuracy of every candidate against what it costs, one symbol per family, with a ring around the choices and
 * a dotted line for each baseline. Undefined without candidates.
 */
export function plotByCost(cost: Cost, { ranking, chosen, baselines }: SearchResult): Figure | undefined {
  const candidates = ranking.filter((one) => cost.of(one) > 0);
  if (candidates.length === 0) return undefined;
  const families = familiesOf(ranking);
  const choices = new Set(chosen.map(({ run }) => run));
  const costs = candidates.map(cost.of);
  const domain = [Math.min(...costs) / 1.25, Math.max(...costs) * 1.25] as const;
  const x = logAxisX({ domain, ticks: costTicks(domain), label: cost.axis });
  const y = accuracyDomain(candidates);
  const lines = baselines.filter(({ validation }) => 100 * validation.accuracy >= y[0]);
  const accuracy = ({ validation }: TrainedCandidate) => 100 * validation.accuracy;
  return {
    id: cost.id,
    title: cost.title,
    svg: drawPlot(cost.id, describe(cost, candidates, choices), {
      height: 300,
      x: x.scale,
      y: { label: '↑ validation accuracy (%)', labelArrow: 'none', grid: true, ticks: 6, domain: y },
      marks: [
        x.marks,
        Plot.ruleY(lines, {
          y: (baseline: (typeof lines)[number]) => 100 * baseline.validation.accuracy,
          stroke: 'currentColor',
          strokeOpacity: 0.6,
          strokeDasharray: '1 3',
        }),
        Plot.text(lines, {
          y: (baseline: (typeof lines)[number]) => 100 * baseline.validation.accuracy,
          text: 'name',
          frameAnchor: 'right',
          textAnchor: 'end',
          dy: -8,
        }),
        ...families.map((family, index) => {
          const { colour, symbol } = seriesStyle(index);
          const own = candidates.filter((one) => one.family === family);
          return [
            Plot.dot(own, { x: cost.of, y: accuracy, fill: colour, fillOpacity: 0.75, symbol, r: 4 }),
            Plot.dot(
              own.filter(({ run }) => choices.has(run)),
              { x: cost.of, y: accuracy, stroke: colour, strokeWidth: 2, r: 8.5 },
            ),
          ];
        }),
      ],
    }),
    legend: families.map((family, index) => ({
      label: family,
      style: { ...seriesStyle(index), dash: 'none' },
    })),
    caption: `${cost.caption} A ring marks the choice of a family.${baselinesCaption(baselines, lines)}`,
  };
}

/** The families that were trained, always in the same order. */
function familiesOf(ranking: readonly TrainedCandidate[]): string[] {
  const present = new Set<string>(ranking.map(({ family }) => family));
  return ['linear', 'ffnn', 'cnn'].filter((family) => present.has(family));
}

/** All candidates with some room; baselines far below would press them together. */
function accuracyDomain(candidates: readonly TrainedCandidate[]): [number, number] {
  const values = candidates.map(({ validation }) => 100 * validation.accuracy);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = Math.max(1, (high - low) * 0.12);
  return [Math.max(0, low - room), Math.min(100, high + room)];
}

/** Round costs; where they span less than a decade, more of them. */
function costTicks([low, high]: readonly [number, number]): number[] {
  const round = logTicks(low, high);
  if (round.length > 2) return round;
  const power = 10 ** Math.floor(Math.log10(low));
  const finer = Array.from({ length: 60 }, (_, index) => ((index + 2) / 2) * power);
  return finer.filter((tick) => tick >= low && tick <= high).slice(0, 6);
}

function describe(cost: Cost, candidates: readonly TrainedCandidate[], choices: ReadonlySet<string>): string {
  const words = candidates
    .filter(({ run }) => choices.has(run))
    .map((one) => `${one.family}: ${percentage(one.validation.accuracy)} % at ${cost.text(one)}`);
  return `Scatter plot. ${cost.title} of ${plain(candidates.length)} networks. The choices: ${words.join('; ')}.`;
}

function baselinesCaption(baselines: SearchResult['baselines'], drawn: SearchResult['baselines']): string {
  const below = baselines.filter((one) => !drawn.includes(one));
  const line = drawn.length > 0 ? ' Dotted lines are baselines.' : '';
  if (below.length === 0) return line;
  const words = below.map(({ name, validation }) => `${name} (${percentage(validation.accuracy)} %)`);
  return `${line} Below the frame: ${words.join(', ')}.`;
}
