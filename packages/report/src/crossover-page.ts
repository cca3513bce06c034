import type { BenchResult, Crossing, Crossover } from '@winning-tickets/bench';
import { figures, renderDocument, section } from './document.js';
import { count } from './format.js';
import type { Html } from './html.js';
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

/** Encodings that round, and gain by that whether weights are pruned or not. */
const rounding: readonly string[] = ['fp16', 'int8'];

function roundedSentence(encoding: string, cells: Crossover['cells']): Html {
  const own = cells.filter((cell) => cell.encoding === encoding);
  const pays = own.filter(({ verdict }) => verdict === 'faster');
  return own.length === 0
    ? markup``
    : markup`Of ${count(own.length, 'case')} rounded to ${encoding}, ${pays.length} are faster. `;
}

/** A crossover map as one HTML page that needs no other file and no JavaScript. Equal input gives equal text. */
export function renderCrossoverReport({ map, crossings, benches, command }: CrossoverReportInput): string {
  const { options, cells } = map;
  const exact = cells.filter(({ encoding }) => !rounding.includes(encoding));
  const pays = exact.filter(({ verdict }) => verdict === 'faster');
  const densest = pays.toSorted((a, b) => b.density - a.density)[0];
  return renderDocument({
    title: `Crossover on ${options.provider}`,
    intro: markup`<p class="lead">
      ${
        densest
          ? markup`Of ${count(exact.length, 'measured case')} without rounding, ${pays.length} are faster than dense; the densest of them is
              <strong>${densest.encoding}</strong> with ${100 * densest.density} % of the weights of a layer of
              ${densest.width} units at batch ${densest.batch}.`
          : markup`None of ${count(exact.length, 'measured case')} without rounding is faster than dense.`
      }
      ${rounding.map((encoding) => roundedSentence(encoding, cells))}
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
          <li>
            Which weights survive is drawn at random${
              options.seeds === 1
                ? ', once for each case: with another mask a case may come out otherwise'
                : markup`, ${options.seeds} times for each case: what is said holds for such masks`
            }.
            A ticket whose units have unequally many is slower as lists.
          </li>
          <li>
            What is rounded (${rounding.join(', ')}) gains by its smaller numbers, pruned or not: where its line is flat, pruning adds
            nothing.
          </li>
          <li>Times hold for this machine and this version of the runtime.</li>
        </ul>`,
      ]),
      section('setup', 'What was run', [crossoverFacts(map)]),
      section('again', 'Run it again', [markup`<pre class="command" tabindex="0">${command}</pre>`]),
    ],
    footer: 'Faster is what a 99.9 % interval, the dense layer against itself, and at least 2 % say.',
  });
}
