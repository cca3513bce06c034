import { figures, nothing, renderDocument, section } from './document.js';
import { percentage } from './format.js';
import { type Html, markup } from './html.js';
import { accuracyByParameters } from './plots/accuracy-by-parameters.js';
import { accuracyByStepTime } from './plots/accuracy-by-step-time.js';
import type { SearchReportInput } from './search-input.js';
import { choicesTable, rankingTable, searchFacts } from './tables/search.js';

/** A search as one HTML page that needs no other file and no JavaScript. Equal input gives equal text. */
export function renderSearchReport({ result, command, environment }: SearchReportInput): string {
  const { search, ranking } = result;
  const sections = [
    section('choices', 'The choices', [
      choicesTable(result),
      markup`<p>
        Each choice is an experiment in the folder <code>chosen</code>: extended by levels of pruning, it
        looks for tickets.
      </p>`,
    ]),
    section('candidates', 'All candidates', [
      figures([accuracyByParameters(result), accuracyByStepTime(result)]),
      ranking.length > 0 ? rankingTable(result) : nothing('No candidate came to the end of its training.'),
    ]),
    section('limits', 'What these numbers cannot say', [
      markup`<ul>
        ${limits(result).map((note) => markup`<li>${note}</li>`)}
      </ul>`,
    ]),
    section('setup', 'What was run', [searchFacts(result, environment)]),
    section('again', 'Run it again', [
      markup`<p>
          With the same version, data and thread count this command gives the same weights, bit for bit.
          Times will differ.
        </p>
        <pre class="command" tabindex="0">${command}</pre>`,
    ]),
  ];
  return renderDocument({
    title: `Search: ${search.name} on ${result.dataset.id}`,
    intro: lead(result),
    sections,
    footer: 'Ranked by the validation samples alone.',
  });
}

function lead({ ranking, chosen }: SearchReportInput['result']): Html {
  const [best] = ranking;
  const test = chosen.find(({ run }) => run === best?.run)?.test;
  if (!best || !test)
    return markup`<p class="lead">Every candidate diverged: there is nothing to choose.</p>`;
  return markup`<p class="lead">
    The best of ${ranking.length} networks is <strong>${best.name}</strong>, with
    ${percentage(best.validation.accuracy)} % validation and ${percentage(test.accuracy)} % test accuracy.
  </p>`;
}

function limits({ search, ranking }: SearchReportInput['result']): string[] {
  return [
    'The validation accuracy of a choice is that of the best of many, so it flatters; the test accuracy does not.',
    ...(search.budget.trials === 1
      ? ['One training each: candidates that differ by less than what another seed changes are equal.']
      : []),
    `Only what was drawn was tried: ${ranking.length} networks of the grids, all with the same optimizer.`,
    'Times of steps were measured while other candidates trained beside, and depend on the machine.',
  ];
}
