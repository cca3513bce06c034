import type { BenchResult } from '@winning-tickets/bench';
import { answerList, benchEvidence, placeOf } from './bench-sections.js';
import { benchCaveats } from './caveats.js';
import { nothing, renderDocument, section } from './document.js';
import { markup } from './html.js';
import { benchFacts } from './tables/bench-facts.js';

/** What the page of benchmarks is made of. */
export interface BenchReportInput {
  /** In the order to show them, at least one; of one machine, or of several to compare. */
  readonly benches: readonly BenchResult[];
  /** The command line that does it again. */
  readonly command: string;
}

/**
 * Benchmarks as one HTML page that needs no other file and no JavaScript: the answer first, the evidence below. Equal
 * input gives equal text.
 */
export function renderBenchReport({ benches, command }: BenchReportInput): string {
  const several = benches.length > 1;
  const suffixOf = (index: number) => (several ? `-${index + 1}` : '');
  return renderDocument({
    title: 'What models cost to run',
    intro: markup`${benches.map((bench) => answerList(bench) ?? nothing(`${placeOf(bench)}: no model was compared with another.`))}`,
    sections: [
      ...benches.map((bench, index) =>
        section(`evidence${suffixOf(index)}`, placeOf(bench), benchEvidence(bench, suffixOf(index))),
      ),
      section('limits', 'What these numbers cannot say', [
        markup`<ul>
          ${benches.flatMap((bench) =>
            benchCaveats(bench).map(
              (caveat) => markup`<li>${several && `${placeOf(bench)}: `}${caveat}</li>`,
            ),
          )}
        </ul>`,
      ]),
      section(
        'setup',
        'What was run',
        benches.map((bench, index) => benchFacts(bench, suffixOf(index))),
      ),
      section('again', 'Run it again', [markup`<pre class="command" tabindex="0">${command}</pre>`]),
    ],
    footer: 'Faster is what a 99.9 % interval, the baseline against itself, and at least 2 % say.',
  });
}
