import type { BenchResult, Crossing, Crossover } from '@winning-tickets/bench';
import { figures, renderDocument, section } from './document.js';
import { count } from './format.js';
import { markup } from './html.js';
import { crossoverPlot } from './plots/crossover.js';
import { crossingsTable, crossoverFacts, crossoverTable } from './tables/crossover.js';

/** What the page of a crossover map is made of. */
export interface CrossoverReportInput {
  readonly map: Crossover;
  /** Where each encoding begins to pay, as the map says. */
  readonly crossings: readonly Crossing[];
  /** Benchmarks of real tickets, to show beside the synthetic layers. */
  readonly benches: readonly BenchResult[];
  /** The command line that does it again. */
  readonly command: string;
}

/** A crossover map as one HTML page that needs no other file and no JavaScript. Equal input gives equal text. */
export function renderCrossoverReport({ map, crossings, benches, command }: CrossoverReportInput): string {
  const { options, cells } = map;
  const pays = cells.filter(({ verdict }) => verdict === 'faster');
  const densest = pays.toSorted((a, b) => b.density - a.density)[0];
  return renderDocument({
    title: `Crossover on ${options.provider}`,
    intro: markup`<p class="lead">
      ${
        densest
          ? markup`Of ${count(cells.length, 'measured case')}, ${pays.length} are faster than dense; the densest of them is
              <strong>${densest.encoding}</strong> with ${100 * densest.density} % of the weights of a layer of
              ${densest.width} units at batch ${densest.batch}.`
          : markup`None of ${count(cells.length, 'measured case')} is faster than dense.`
      }
    </p>`,
    sections: [
      section('map', 'Where pruning begins to pay', [
        crossingsTable(crossings),
        figures(options.batches.map((batch) => crossoverPlot(map, batch, benches))),
      ]),
      section('cases', 'Every case', [crossoverTable(map)]),
      section('limits', 'What these numbers cannot say', [
        markup`<ul>
          <li>
            One hidden layer of as many units as inputs, with ten outputs. A network of several layers has more calls of
            operators, so at small batches it gains less than its layers do.
          </li>
          <li>Which weights survive is drawn at random: a ticket whose units have unequally many is slower as lists.</li>
          <li>Times hold for this machine and this version of the runtime.</li>
        </ul>`,
      ]),
      section('setup', 'What was run', [crossoverFacts(map)]),
      section('again', 'Run it again', [markup`<pre class="command" tabindex="0">${command}</pre>`]),
    ],
    footer: 'Faster is what a 99.9 % interval, the dense layer against itself, and at least 2 % say.',
  });
}
